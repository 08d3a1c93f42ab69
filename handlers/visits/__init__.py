"""A visit from the day before to the last picture: what is asked, reported, checked, and told in time."""
