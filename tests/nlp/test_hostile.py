"""Whatever is typed, reading never raises, and every piece it names stands in the message where it says."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.labels import Intent
from domain.understanding import Understanding, Words
from nlp.normal import READ_LIMIT
from nlp.reader import Reader
from tests.nlp.conftest import AT

_SAID = [
    "没擦干净",
    "昨天下午三点",
    "两百块",
    "，",
    "！！",
    "煤气味",
    "把花瓶打碎了",
    "仨钟头",
    "刘阿姨",
    "如果",
    "没有",
]
_ODD = ["😂", "\x00", "\ud800", "１２３", "ＡＢ", "31号", "13月40号", "99:99", "十百千万", "İ", "\u202e", "((…", "#$|"]
_PIECES = st.sampled_from([*_SAID, *_ODD])
_TEXTS = st.one_of(st.text(), st.lists(st.one_of(_PIECES, st.text(max_size=3)), max_size=25).map("".join))


def _all_words(reading: Understanding) -> Iterator[Words]:
    matrix = reading.matrix
    for field in (matrix.place, matrix.objects, matrix.actors, matrix.facts, matrix.impact):
        yield from field
    yield from (amount.words for amount in matrix.amounts)
    yield from (reason.words for reason in reading.why)
    if matrix.occurred_at:
        yield matrix.occurred_at.words


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS)
def test_spans_are_those_of_the_original(reader: Reader, text: str) -> None:
    reading = reader.understand(text, AT)
    assert all(words.text == text[words.start : words.end] for words in _all_words(reading))
    assert 0 <= reading.confidence <= 1
    assert (reading.priority is None) == (reading.primary is None) == (reading.intent is not Intent.COMPLAINT)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "😂" * 4096, "1234567890", "\x00\x01\x02", "\ud800\udfff", "？！。", "a" * 100_000]
)
def test_what_says_nothing_is_chitchat(reader: Reader, at: datetime, text: str) -> None:
    assert reader.understand(text, at).intent is Intent.CHITCHAT


@pytest.mark.parametrize(
    "text", ["没擦干净。" * 20_000, "一" * 100_000, "的等了" * 30_000, "二〇" * 50_000, "没" * 100_000, "1" * 100_000]
)
def test_a_pasted_book_is_read_for_its_first_page_only(reader: Reader, at: datetime, text: str) -> None:
    began = time.perf_counter()
    reading = reader.understand(text, at)
    assert time.perf_counter() - began < 1
    assert all(words.end <= READ_LIMIT for words in _all_words(reading))


@pytest.mark.parametrize("year", [1, 9999])
def test_times_at_the_edge_of_the_calendar(reader: Reader, year: int) -> None:
    edge = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, tzinfo=AT.tzinfo)
    for text in ("大前天没来", "去年弄坏的", "等到现在仨钟头", "大后天改约", "9999999小时前"):
        reader.understand(text, edge)


def test_threads_share_one_reader(reader: Reader, at: datetime) -> None:
    texts = ["昨天阿姨把花瓶打碎了", "多少钱", "家里有煤气味", "谢谢"] * 25
    alone = [reader.understand(text, at) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: reader.understand(text, at), texts)) == alone
