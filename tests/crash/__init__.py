"""Crash tests: the serving process is killed at any moment, and nothing may be lost or doubled."""
