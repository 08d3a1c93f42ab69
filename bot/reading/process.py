"""A process that only reads: `python -m bot.reading.process SOCKET MODEL`. It ends when whoever started it is gone.

First it says how loading went: why the company's own model was passed over, and why there is no reader, both empty when
all is well. Then it is asked `(text, at, sender)` and answers with an `Understanding`, one after the other.
"""

import signal
import socket
import sys
from pathlib import Path

from bot.reading.choice import choose
from bot.reading.line import Line
from nlp.reader import Reader


def main(end: int, own: Path) -> None:
    """To be told to end is for the one who asks: it still needs answers to end in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    line = Line(socket.socket(fileno=end))
    try:
        reader = _load(line, own)
        while reader is not None:
            line.send([reader.understand(*line.receive())])
    except (EOFError, OSError):
        return


def _load(line: Line, own: Path) -> Reader | None:
    choice = choose(own)
    try:
        reader = Reader.load(model=choice.file)
    except (OSError, ValueError) as error:
        line.send([(choice.passed_over, str(error) or type(error).__name__)])
        return None
    line.send([(choice.passed_over, "")])
    return reader


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
