"""Reading in a process of its own: the same answers, whatever is asked ahead, and whatever happens to that process."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.reading.apart import AHEAD, LONG, ReaderApart
from nlp.reader import Reader
from tests.harness import shared_reader

AT = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
WORDS = ["厨房没擦干净，上周三来的", "多少钱一小时？", "阿姨偷了我两千块", "明天下午三点能来吗", "家里有煤气味", "谢谢"]
PARENT = """
import sys
from datetime import datetime
from pathlib import Path
from bot.reading.apart import ReaderApart
reader = ReaderApart(Path(sys.argv[1]))
reader.understand("你好", datetime.fromisoformat(sys.argv[2]))
print(reader.number, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def within() -> Reader:
    return shared_reader()


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderApart]:
    reader = ReaderApart(tmp_path_factory.mktemp("data") / "model.npz")
    reader.begin()
    yield reader
    reader.stop()


def test_it_reads_as_a_reader_within(apart: ReaderApart, within: Reader) -> None:
    for text in WORDS:
        assert apart.understand(text, AT) == within.understand(text, AT)
    assert apart.understand("门锁坏了进不去", AT, "cleaner") == within.understand("门锁坏了进不去", AT, "cleaner")


def test_what_was_expected_may_be_asked_in_any_order_twice_or_never(apart: ReaderApart, within: Reader) -> None:
    apart.expect((text, AT) for text in [*WORDS, WORDS[0], "没有人会问的一句"])
    later = AT + timedelta(days=1)
    for text in [*reversed(WORDS), WORDS[0], WORDS[0]]:
        assert apart.understand(text, AT) == within.understand(text, AT)
    for text in WORDS:
        assert apart.understand(text, later) == within.understand(text, later)


def test_two_who_say_the_same_at_the_same_moment_are_both_read(apart: ReaderApart, within: Reader) -> None:
    apart.expect([(WORDS[0], AT)])
    apart.expect([(WORDS[0], AT), (WORDS[1], AT), (WORDS[0], AT)])
    for text in (WORDS[0], WORDS[1], WORDS[0]):
        assert apart.understand(text, AT) == within.understand(text, AT)


def test_long_words_behind_many_expected_ones_do_not_make_both_sides_wait(apart: ReaderApart, within: Reader) -> None:
    apart.expect(("厨" * (LONG - 2) + str(number), AT) for number in range(2 * AHEAD))
    assert apart.understand("没擦干净" * 50_000, AT) == within.understand("没擦干净" * 50_000, AT)


def test_a_process_that_was_killed_is_started_anew_and_asked_again(apart: ReaderApart, within: Reader) -> None:
    apart.expect([(WORDS[0], AT)])
    assert apart.number is not None
    os.kill(apart.number, signal.SIGKILL)
    with capture_logs() as logs:
        assert apart.understand(WORDS[0], AT) == within.understand(WORDS[0], AT)
        assert apart.understand(WORDS[1], AT) == within.understand(WORDS[1], AT)
    assert [line["event"] for line in logs] == ["reader_gone"]


def test_a_process_that_hangs_is_given_up_and_another_answers(tmp_path: Path, within: Reader) -> None:
    reader = ReaderApart(tmp_path / "model.npz", patience=10)
    reader.understand(WORDS[0], AT)
    assert reader.number is not None
    os.kill(reader.number, signal.SIGSTOP)
    with capture_logs() as logs:
        assert reader.understand(WORDS[1], AT) == within.understand(WORDS[1], AT)
    reader.stop()
    assert [(line["event"], line["error"]) for line in logs] == [("reader_gone", "TimeoutError")]


def test_a_signal_to_all_processes_at_once_does_not_end_it_before_its_parent(
    apart: ReaderApart, within: Reader
) -> None:
    assert apart.understand(WORDS[0], AT) == within.understand(WORDS[0], AT)
    assert apart.number is not None
    with capture_logs() as logs:
        for number in (signal.SIGTERM, signal.SIGINT):
            os.kill(apart.number, number)
            assert apart.understand(WORDS[1], AT) == within.understand(WORDS[1], AT)
    assert logs == []


def test_it_ends_with_the_process_that_asks_even_a_killed_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "model.npz"), AT.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        parent.kill()
    try:
        reader = os.pidfd_open(number)
    except ProcessLookupError:
        return
    ready, _, _ = select.select([reader], [], [], 10)
    os.close(reader)
    assert ready, "it goes on though nobody can ask it"


def test_a_broken_model_of_the_company_is_passed_over_and_said(tmp_path: Path) -> None:
    own = tmp_path / "model.npz"
    own.write_bytes(b"no model")
    reader = ReaderApart(own)
    with capture_logs() as logs:
        assert reader.understand("厨房没擦干净", AT).primary == "quality"
    reader.stop()
    assert [line["event"] for line in logs] == ["own_model_not_used"]
