"""Puts the counter together: the only package that knows every class of the client."""
