"""Use cases of the counter's day; every act is one transaction, every mechanism a port."""
