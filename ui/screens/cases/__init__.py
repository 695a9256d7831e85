"""办件: find a case by anything, see its clocks, its history and its papers."""
