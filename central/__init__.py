"""The central server: takes in every counter's facts, fans them out to departments, keeps numbers, clocks and guides."""
