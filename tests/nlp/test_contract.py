"""The JSON-lines contract of `classify`: shape, errors in place, order, and a stream that is never held in memory."""

import json
from collections.abc import Iterator

import pytest

from nlp.contract import classify_line, classify_stream
from nlp.reader import Reader

_GOOD = {"id": "a1", "from": "customer", "text": "昨天阿姨把花瓶打碎了，赔我五百", "at": "2025-06-12T15:30:00+08:00"}


def _line(**changes: object) -> str:
    return json.dumps({**_GOOD, **changes}, ensure_ascii=False)


def test_shape(reader: Reader) -> None:
    answer = json.loads(classify_line(reader, _line()))
    assert {
        "id",
        "intent",
        "topics",
        "primary",
        "secondary",
        "priority",
        "anger",
        "confidence",
        "matrix",
        "why",
    } <= set(answer)
    assert (answer["id"], answer["intent"], answer["primary"], answer["priority"]) == (
        "a1",
        "complaint",
        "damage",
        "high",
    )
    assert set(answer["matrix"]) == {
        "occurred_at", "place", "objects", "actors", "facts", "amounts", "impact", "demands", "missing",
    }  # fmt: skip
    assert answer["matrix"]["occurred_at"] == {
        "start": "2025-06-11T00:00:00+08:00", "end": "2025-06-11T23:59:59+08:00", "text": "昨天",
    }  # fmt: skip
    assert answer["matrix"]["amounts"] == [{"text": "五百", "value": 500.0, "unit": "元", "start": 13, "end": 15}]
    assert answer["matrix"]["demands"] == ["compensation"]
    assert {"intent.complaint", "type.damage", "priority.high"} <= {why["label"] for why in answer["why"]}


def test_a_mark_before_a_line_is_no_part_of_it(reader: Reader) -> None:
    marked = ["\ufeff" + _line(), "\n", "\ufeff\n", "\ufeff" + _line(id="a2")]
    assert [json.loads(answer)["id"] for answer in classify_stream(reader, marked)] == ["a1", "a2"]


def test_a_line_that_is_no_utf8_is_answered_in_its_place_with_its_error(reader: Reader) -> None:
    raw = "\n".join([_line(), _line(id="gbk"), _line(id="a3")]).encode().splitlines()
    raw[1] = raw[1].decode().encode("gbk")
    lines = [line.decode("utf-8", "surrogateescape") for line in raw]
    good, foreign, after = (json.loads(answer) for answer in classify_stream(reader, lines))
    assert (good["id"], after["id"]) == ("a1", "a3")
    assert foreign == {"id": "gbk", "error": "not UTF-8: save the file as UTF-8"}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (_line(at="昨天"), "at"),
        (_line(at=None), "at"),
        (_line(at=5), "at"),
        (_line(text=None), "text"),
        (_line(**{"from": "boss"}), "from"),
        (_line(**{"from": ["customer"]}), "from"),
        ("{broken", "JSON"),
        ("[1]", "object"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_wrong_line_is_answered_in_place(reader: Reader, line: str, named: str) -> None:
    answer = json.loads(classify_line(reader, line))
    assert set(answer) == {"id", "error"}
    assert named in answer["error"]


def test_a_time_without_zone_is_chinese(reader: Reader) -> None:
    answer = json.loads(classify_line(reader, _line(at="2025-06-12T15:30:00")))
    assert answer["matrix"]["occurred_at"]["start"] == "2025-06-11T00:00:00+08:00"


def test_an_answer_can_always_be_written(reader: Reader) -> None:
    line = classify_line(reader, json.dumps({**_GOOD, "id": "\ud800", "text": "\ud800没擦干净\ud800"}))
    assert line.encode()
    assert "\n" not in line


def test_the_stream_keeps_order_and_holds_one_line_at_a_time(reader: Reader) -> None:
    taken: list[int] = []

    def lines() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield _line(id=number) if number % 3 else "broken"

    answers = classify_stream(reader, lines())
    first = [json.loads(next(answers)) for _ in range(3)]
    assert [answer["id"] for answer in first] == [None, 1, 2]
    assert len(taken) == 3
