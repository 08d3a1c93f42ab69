"""What a model elsewhere adds, when the company has one: a second reading of complaints, and voice written down.

The customer's first answer never waits for it, and everything works without it.
"""
