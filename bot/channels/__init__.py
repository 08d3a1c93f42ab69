"""One adapter for each way to talk with people."""
