"""Drives time. Rows are the truth; what is here only wakes the engine."""
