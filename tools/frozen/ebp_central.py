"""Where the frozen central server starts."""

from central.__main__ import main

raise SystemExit(main())
