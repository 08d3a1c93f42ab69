"""Models elsewhere: a service that answers, hangs, lies and breaks, and what becomes of it."""
