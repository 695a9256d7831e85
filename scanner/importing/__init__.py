"""Files that were brought along become pages: sniffed, parsed in a locked-in child process, measured, listed."""
