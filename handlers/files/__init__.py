"""Photos and voice: noted in the turn, fetched after it."""
