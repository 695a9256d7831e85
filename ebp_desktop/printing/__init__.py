"""Paper comes out here: printers behind one protocol, profiles per document, jobs that are listed and repeatable."""
