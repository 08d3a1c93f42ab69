"""Reading by the dictionary alone: the opinion of readable rules. The model hears it, and danger it never overrules."""
