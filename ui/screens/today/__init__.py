"""今日: the counter at a glance, what must be done today first."""
