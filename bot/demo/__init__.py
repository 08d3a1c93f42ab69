"""A company to try things with: a few people at the first start, a whole month by the command `demo`."""
