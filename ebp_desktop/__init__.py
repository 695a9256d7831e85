"""The counter of a city's comprehensive window for construction project approvals."""

__version__ = "0.1.0"
