"""EBP-Sync/1: the message types and signatures that counter and central share, and nothing else."""
