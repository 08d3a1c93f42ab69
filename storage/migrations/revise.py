"""Writes the next step by comparing the tables in code with those in the migrations.

Usage: python -m storage.migrations.revise "what changed". Look at the file before you commit it, and raise `HEAD`.
"""

import sys

from alembic import command
from sqlalchemy import create_engine

from storage.migrations import HEAD
from storage.migrations.upgrade import config_for


def main() -> None:
    with create_engine("sqlite://").connect() as connection:
        config = config_for(connection)
        command.upgrade(config, "head")
        command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{int(HEAD) + 1:04d}")


if __name__ == "__main__":
    main()
