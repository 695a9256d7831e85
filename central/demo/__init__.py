"""Demo people, demo data and departments that answer by themselves."""
