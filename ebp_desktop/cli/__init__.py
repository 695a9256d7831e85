"""The counter's day as commands, on the same services as the windows."""
