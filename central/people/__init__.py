"""People: passwords, second factors, lock-out, roles and permits."""
