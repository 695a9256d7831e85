"""What the screens ask, answered by the use cases: the only place in the windows that knows both."""
