"""The HTTP doors of central."""
