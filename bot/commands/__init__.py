"""One file per command: `COMMAND` is the function, or a mapping of the functions under it."""
