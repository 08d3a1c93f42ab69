"""Loads the reader with the model that was chosen."""

from pathlib import Path

import structlog

from bot.reading.choice import choose
from nlp.reader import Reader

log = structlog.get_logger()


def load_reader(own: Path) -> Reader:
    """The reader with the chosen model; what is passed over is said in the log."""
    choice = choose(own)
    if choice.passed_over:
        log.warning("own_model_not_used", changed=choice.passed_over, advice="huixiang train")
    return Reader.load(model=choice.file)
