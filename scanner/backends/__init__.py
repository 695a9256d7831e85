"""One module per way of talking to scanners; each passes the same contract tests."""
