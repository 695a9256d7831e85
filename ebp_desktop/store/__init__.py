"""The counter's own memory: an encrypted database, sealed scans, an outbox that survives, and the keys to them."""
