"""How the tables came to be as they are: Alembic's steps, run when the process starts."""

HEAD = "0008"
