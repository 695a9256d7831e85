"""What the counter knows and decides: frozen values and pure functions, no I/O."""
