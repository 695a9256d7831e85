"""``python -m central``: the same as the command ``ebp-central``."""

from __future__ import annotations

import sys

from central.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
