"""Conversations as data: each file is one flow, a table of steps with the small pure functions it names."""
