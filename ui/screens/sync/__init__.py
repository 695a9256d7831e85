"""同步: every waiting fact in words, why it waits, and how a refused one is mended."""
