"""The central server: takes in counters' facts, fans them out to departments, keeps numbers, clocks and guides."""
