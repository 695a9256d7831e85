"""Scans, content-addressed and durable."""
