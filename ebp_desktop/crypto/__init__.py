"""Sealed frames, canonical JSON, signatures, tokens and keys: the lowest layer, it knows nothing of the counter."""
