"""The judge of storms sees what is missing, what came twice, and what came before what was written earlier."""

import pytest

from storage.outbox import ESCALATION, REPLY
from tests.crash.ledger import Owed, compared

WRITTEN = (
    Owed("收到", REPLY, "11", "telegram:1"),
    Owed("主管接手了", REPLY, "12", "telegram:9"),
    Owed("还有哪里？", REPLY, "13", "telegram:1"),
)


@pytest.mark.parametrize(
    ("came", "repeated", "wrong"),
    [
        ((("11", "收到"), ("12", "主管接手了"), ("13", "还有哪里？")), 0, ""),
        ((("12", "主管接手了"), ("11", "收到"), ("13", "还有哪里？")), 0, ""),
        ((("10", "收到"), ("11", "收到"), ("12", "主管接手了"), ("13", "还有哪里？")), 1, ""),
        ((("13", "还有哪里？"), ("12", "主管接手了"), ("11", "收到")), 0, "earlier in telegram:1"),
        ((("11", "收到"), ("12", "主管接手了")), 0, "missing 1 of '还有哪里？'"),
    ],
)
def test_what_one_hand_wrote_comes_once_and_in_order(
    came: tuple[tuple[str, str], ...], repeated: int, wrong: str
) -> None:
    again, found = compared("1", WRITTEN, came)
    assert again == repeated
    assert wrong in " ".join(found)
    assert bool(wrong) == bool(found)


def test_what_is_urgent_may_overtake() -> None:
    urgent = (*WRITTEN, Owed("煤气", ESCALATION, "14", "telegram:1"))
    came = [("14", "煤气"), *((one.ref, one.text) for one in WRITTEN)]
    assert compared("1", urgent, came) == (0, [])
