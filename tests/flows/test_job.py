"""Pictures after a checkpoint."""

import pytest

from domain.effects import Action, CheckIn, Say
from domain.events import Attachment
from flows.flow import Answer
from flows.job import JOB, Job
from tests.flows.walking import walk

PHOTO = Attachment("photo", "f1")


@pytest.mark.parametrize("point", ["checked", "finished"])
def test_pictures_are_added_until_there_are_enough(point: str) -> None:
    job = walk(JOB, Job(7, point))
    assert job.said == [f"job.proof_{point}"]
    assert job.answers(Answer(files=(PHOTO,))).caused(CheckIn) == [CheckIn(7, point, files=(PHOTO,))]
    assert job.says("灶台原来就有划痕").caused(CheckIn) == [CheckIn(7, point, "灶台原来就有划痕")]
    assert job.taps("enough").said == [f"job.done_{point}"]
    assert job.step == ""


def test_pictures_may_be_skipped_or_forgotten() -> None:
    assert walk(JOB, Job(7, "finished")).taps("skip").said == ["job.done_finished"]
    assert walk(JOB, Job(7, "finished")).waits().step == ""


@pytest.mark.parametrize(("point", "offered"), [("checked", ["check_in", "report"]), ("finished", ["report"])])
def test_what_comes_next_stays_at_hand_below_the_pictures(point: str, offered: list[str]) -> None:
    (said,) = walk(JOB, Job(7, point)).taps("skip").caused(Say)
    assert [button.name for button in said.buttons if isinstance(button, Action)] == offered
