"""When it happened, relative to the message's own time."""

from nlp.matrix.times.find import find_when

__all__ = ["find_when"]
