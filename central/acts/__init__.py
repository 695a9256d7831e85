"""What departments, leads and the bureau do, each act with its rules and in one transaction."""
