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
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-crash-"))
    storming = storm(
        folder,
        updates=chosen.updates,
        kills=chosen.kills,
        users=chosen.users,
        life=(0.05, 3.0),
        seed=chosen.seed,
        commands=MANY if chosen.on == "postgresql" else ALONE,
    )
    report = asyncio.run(storming)
    sys.stdout.write(f"{report}\n(data in {folder})\n")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
