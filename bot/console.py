"""What the command line prints for people: coloured, short, with what to do next."""
