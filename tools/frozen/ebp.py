"""Where the frozen counter starts."""

from ebp_desktop.__main__ import main

raise SystemExit(main())
