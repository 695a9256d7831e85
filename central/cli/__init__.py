"""The commands of ebp-central."""
