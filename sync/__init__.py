"""The offline queue: everything registered here reaches central exactly once, everything of central comes back."""
