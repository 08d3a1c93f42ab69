"""Pings that climb until a human takes them."""
