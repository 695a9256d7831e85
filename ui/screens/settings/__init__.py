"""设置: devices, look, people, keys, backup, calendar, and what this program is made of."""
