"""Several processes give the answers of one, in order, without holding the stream or making anybody wait."""

import json
import queue
from collections.abc import Iterator

import pytest

from nlp.contract import classify_stream
from nlp.crowd import AHEAD, CHUNK, classify_together
from nlp.reader import Reader

_JOBS = 2
_TEXTS = ("地板没擦干净", "家里有煤气味", "多少钱一小时", "谢谢")
MANY = 2000
HELD = 2 * CHUNK * AHEAD * _JOBS + CHUNK
"""Lines that may wait, on both sides of the processes."""


def _line(number: int) -> str:
    text = _TEXTS[number % len(_TEXTS)]
    asked = {"id": number, "from": "customer", "text": text, "at": "2025-06-12T15:30:00+08:00"}
    return json.dumps(asked) if number % 10 == 1 else "broken"


def test_many_lines_are_answered_in_order_and_never_held(reader: Reader) -> None:
    taken: list[int] = []

    def lines() -> Iterator[str]:
        for number in range(MANY):
            taken.append(number)
            yield _line(number)

    answers = []
    for answer in classify_together(reader, lines(), _JOBS):
        answers.append(answer)
        assert len(taken) <= len(answers) + HELD
    assert answers == list(classify_stream(reader, map(_line, range(MANY))))


def test_whoever_waits_for_an_answer_before_asking_again_gets_it(reader: Reader) -> None:
    asked: queue.Queue[str | None] = queue.Queue()
    answers = classify_together(reader, iter(asked.get, None), _JOBS)
    for number in (1, 11, 21):
        asked.put(_line(number))
        assert json.loads(next(answers))["id"] == number
    asked.put(None)
    assert list(answers) == []


def test_a_stream_that_breaks_off_is_an_error_after_what_was_asked(reader: Reader) -> None:
    def lines() -> Iterator[str]:
        yield _line(1)
        raise OSError("gone")

    answers = classify_together(reader, lines(), _JOBS)
    assert json.loads(next(answers))["id"] == 1
    with pytest.raises(OSError, match="gone"):
        next(answers)
