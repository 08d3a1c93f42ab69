"""The event matrix: times relative to the message, amounts with units, places, things, people, what to ask next."""

from datetime import datetime

import pytest

from domain.labels import Demand
from nlp.matrix.numbers import value_of
from nlp.reader import Reader


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("昨天下午三点左右打碎的", "06-11 15:00", "06-11 15:00", "昨天下午三点左右"),
        ("上礼拜三没来", "06-04 00:00", "06-04 23:59", "上礼拜三"),
        ("大前天晚上弄坏的", "06-09 18:00", "06-09 23:59", "大前天晚上"),
        ("国庆那几天没人来", "10-01 00:00", "10-07 23:59", "国庆那几天"),
        ("刚才来的人没擦地", "06-12 14:30", "06-12 15:30", "刚才"),
        ("等到现在仨钟头了", "06-12 12:30", "06-12 15:30", "等到现在仨钟头"),
        ("五月二十号下午三点半", "05-20 15:30", "05-20 15:30", "五月二十号下午三点半"),
        ("6月3号 14:20 来的", "06-03 14:20", "06-03 14:20", "6月3号 14:20"),
        ("半小时前走的", "06-12 15:00", "06-12 15:00", "半小时前"),
        ("上周末的单", "06-07 00:00", "06-08 23:59", "上周末"),
        ("约的九点，现在还没来", "06-12 09:00", "06-12 09:00", "九点"),
    ],
)
def test_time(reader: Reader, at: datetime, text: str, start: str, end: str, words: str) -> None:
    when = reader.understand(text, at).matrix.occurred_at
    assert when is not None
    assert (f"{when.start:%m-%d %H:%M}", f"{when.end:%m-%d %H:%M}", when.words.text) == (start, end, words)
    assert when.start.utcoffset() == at.utcoffset()


@pytest.mark.parametrize("text", ["没擦干净", "给个好评", "2月31号来的", "一点都不干净"])
def test_no_time_is_made_up(reader: Reader, at: datetime, text: str) -> None:
    assert reader.understand(text, at).matrix.occurred_at is None


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("两百来块钱", [(200, "元")]),
        ("等了仨钟头", [(3, "小时")]),
        ("120平的房子", [(120, "平米")]),
        ("一万二买的", [(12_000, "元")]),
        ("四五万的表", [(40_000, "元")]),
        ("干了一个半小时", [(1.5, "小时")]),
        ("下单199，做完跟我要260", [(199, "元"), (260, "元")]),
        ("两块抹布", [(2, "块")]),
        ("五十五块", [(55, "元")]),
        ("一个杯子", []),
        ("半小时前走的", []),
    ],
)
def test_amounts(reader: Reader, at: datetime, text: str, amounts: list[tuple[float, str]]) -> None:
    assert [(one.value, one.unit) for one in reader.understand(text, at).matrix.amounts] == amounts


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("三百五", 350),
        ("三百零五", 305),
        ("一千二百", 1200),
        ("十五", 15),
        ("1.2万", 12_000),
        ("半", 0.5),
        ("零", 0),
        ("abc", None),
        ("", None),
    ],
)
def test_numbers(words: str, value: float | None) -> None:
    assert value_of(words) == value


def test_who_what_and_where(reader: Reader, at: datetime) -> None:
    matrix = reader.understand("刘阿姨把我家厨房的真皮沙发刮花了，赔我两千块，还要道歉", at).matrix
    assert [one.text for one in matrix.place] == ["厨房"]
    assert [one.text for one in matrix.objects] == ["真皮沙发"]
    assert [one.text for one in matrix.actors] == ["刘阿姨"]
    assert matrix.demands == (Demand.COMPENSATION, Demand.APOLOGY)
    assert matrix.facts[0].text == "刘阿姨把我家厨房的真皮沙发刮花了"


def test_what_was_said_is_not_asked_again(reader: Reader, at: datetime) -> None:
    told = reader.understand("昨天厨房没擦干净，要求返工", at).matrix
    bare = reader.understand("没擦干净", at).matrix
    assert told.missing == ("evidence",)
    assert bare.missing == ("place", "evidence", "demands")
    assert bare.demands == (Demand.NONE,)
