"""`python -m tests.nlp`: how well the labelled messages are read, as figures."""

import sys
from dataclasses import asdict

from nlp.reader import Reader
from tests.nlp.test_accuracy import reached


def main() -> None:
    reader = Reader.load()
    for split in ("held", "tuned"):
        figures = "  ".join(f"{name} {value:.2f}" for name, value in asdict(reached(reader, split)).items())
        sys.stdout.write(f"{split:<6} {figures}\n")


if __name__ == "__main__":
    main()
