"""`python -m tests.crash`: the long form, as `make crash` runs it."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.crash.storm import ALONE, MANY, storm


def main() -> int:
    """0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--users", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--library", choices=("aiogram", "ptb"), help="without it, one on each database")
    chosen = parser.parse_args()
    many = chosen.on == "postgresql"
    folder = Path(tempfile.mkdtemp(prefix="huixiang-crash-"))
    storming = storm(
        folder,
        updates=chosen.updates,
        kills=chosen.kills,
        users=chosen.users,
        life=(0.05, 3.0),
        seed=chosen.seed,
        commands=MANY if many else ALONE,
        library=chosen.library or ("ptb" if many else "aiogram"),
    )
    report = asyncio.run(storming)
    sys.stdout.write(f"{report}\n(data in {folder})\n")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
