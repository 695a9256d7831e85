"""The counter's whole day on sample papers against a central of its own, step by step, with everything it printed."""
