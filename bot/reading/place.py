"""Where messages are read: in a process of its own, or in a thread of this one."""

from bot.reading.apart import ReaderApart
from bot.reading.late import LateReader
from bot.settings import Settings

PlacedReader = LateReader | ReaderApart


def reader_of(settings: Settings) -> PlacedReader:
    """Nothing is loaded before it `begin`s, or is asked something."""
    return ReaderApart(settings.model_file) if settings.reads_apart else LateReader(settings.model_file)
