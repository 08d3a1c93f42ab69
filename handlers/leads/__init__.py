"""Supervisors and those above them: what they say, decide and pay."""
