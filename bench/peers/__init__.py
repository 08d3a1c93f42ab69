"""What others do with the same message: echo it, keeping nothing."""
