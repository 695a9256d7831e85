"""The counter's windows: the only package that imports Qt."""
