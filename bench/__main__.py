"""`python -m bench`: everything, or the parts named (`turns`, `sends`, `start`)."""

import argparse

from bench import sends, start, turns

PARTS = {"turns": turns.main, "sends": sends.main, "start": start.main}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    for part in chosen.parts:
        PARTS[part](rounds=chosen.rounds)


if __name__ == "__main__":
    main()
