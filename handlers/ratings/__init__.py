"""Ratings: asked for after a visit, kept with who served, and the phone call-backs for those who did not answer."""
