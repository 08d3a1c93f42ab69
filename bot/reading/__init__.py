"""Who reads the messages: which model, loaded when, in this process or in one of its own."""
