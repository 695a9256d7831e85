"""通知: papers that wait for the applicant, the one whose clock ends first on top."""
