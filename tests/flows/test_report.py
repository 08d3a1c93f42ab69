"""A cleaner's report of a problem."""

import pytest

from domain.effects import OpenCase, RaiseCase
from domain.events import Attachment
from flows.flow import Answer
from flows.report import REPORT, Report
from tests.flows.walking import walk

PHOTO = Attachment("photo", "f1")


def test_one_message_says_it_all() -> None:
    report = walk(REPORT, Report(7)).answers(Answer(text="吸尘器冒烟了", files=(PHOTO,)))
    assert report.caused(OpenCase) == [OpenCase("吸尘器冒烟了", "cleaner", 7, (PHOTO,))]
    assert report.step == ""


def test_a_report_without_a_job_names_no_order() -> None:
    assert walk(REPORT, Report(0)).says("工服破了").caused(OpenCase) == [OpenCase("工服破了", "cleaner")]


@pytest.mark.parametrize("kind", ["locked", "absent", "broken_tool", "accident", "danger"])
def test_a_tap_and_a_word(kind: str) -> None:
    report = walk(REPORT, Report(7)).taps(kind)
    assert report.said == [f"report.details_{kind}"]
    report.says("敲了十分钟")
    assert report.caused(RaiseCase) == [RaiseCase(f"report.case_{kind}", "cleaner", 7, text="敲了十分钟")]


def test_a_tap_alone_is_sent_after_a_short_silence() -> None:
    report = walk(REPORT, Report(7)).taps("danger").waits()
    assert report.caused(RaiseCase) == [RaiseCase("report.case_danger", "cleaner", 7)]


def test_a_picture_alone_is_a_report() -> None:
    report = walk(REPORT, Report(7)).answers(Answer(files=(PHOTO,)))
    assert report.caused(RaiseCase) == [RaiseCase("report.case_photo", "cleaner", 7, files=(PHOTO,))]
