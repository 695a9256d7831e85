"""The counter's own widgets: real ones of the toolkit, drawn from the tokens."""
