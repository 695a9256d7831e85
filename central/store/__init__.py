"""Tables and queries of central."""
