"""What counters send: enrolment, greeting, pushed facts and what they do."""
