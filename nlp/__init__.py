"""Text in, `Understanding` out: a dictionary and readable rules, with the words that decided each answer.

`Reader.load()` does all the I/O; `reader.understand(text, at)` does none. `nlp.contract` is the JSON-lines form.
"""

from nlp.contract import classify_line, classify_stream
from nlp.reader import Reader

__all__ = ["Reader", "classify_line", "classify_stream"]
