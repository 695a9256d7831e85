"""One package per screen: its frozen state, its presenter without Qt, its view."""
