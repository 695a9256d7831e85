"""The counter of a city's comprehensive window for construction project approvals."""
