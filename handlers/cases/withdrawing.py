""" "我不投诉了", "没事了，不用管了": whoever complained takes it back. One tap closes the case, words close nothing.

What reads so may be said in resignation: the case stays with whoever has it until the customer has pressed.
"""

import re

from domain.effects import Action, Say
from domain.events import MessageCame
from domain.labels import Priority
from domain.understanding import Understanding
from handlers.cases.amending import put_down
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases
from storage.cases import Case

AROUND = (
    r"(?:我们?|你们|那|就|先|好|嗯|哦|算了|不用了|不好意思|抱歉|谢谢您?|麻烦了|打扰了"
    r"|这事|这件事|那件事|吧|啊|哈|了|\W)*"
)
TAKEN_BACK = re.compile(
    rf"{AROUND}(?:"
    r"不(?:想)?投诉|投诉取消|取消投诉|撤销投诉|撤诉|撤回投诉|不追究|不计较|不用(?:你们)?(?:再)?(?:管|处理|跟进?|赔|返工|道歉)"
    r"|没事(?:儿)?了|没问题了|已经(?:解决|好|没事|处理好)|解决了|搞错了|弄错了|是误会|误会一场|误会"
    r"|forget it|never ?mind|(?:it'?s |all )?(?:solved|fine now)|withdraw (?:it|my complaint)"
    rf"){AROUND}(?:(?:不用|别)(?:再)?(?:管|处理|跟进?|赔|查)?{AROUND})?",
    re.IGNORECASE,
)
LONGEST = 30
FREE = frozenset({"booking", "change", "before_visit", "mid_visit", "follow_up", "talk", "erase"})
"""Flows whose own answers sound like this."""


def heard(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """True when the words take a complaint back: it is noted, and closing it is offered. Danger is never taken back."""
    text = message.text.strip()
    if reading.hazard is not None or message.attachments or len(text) > LONGEST or not TAKEN_BACK.fullmatch(text):
        return False
    case = _meant(turn, dialog)
    if case is None or case.priority == Priority.URGENT or case.hazard:
        return False
    put_down(turn, dialog, case, message.text)
    button = Action("case_solved", "complaint.take_back_label", {"case": case.id})
    turn.perform((Say("complaint.take_back", {"number": case.number}, buttons=(button,), case=case.id),), dialog)
    return True


def _meant(turn: Turn, dialog: Dialog) -> Case | None:
    """The case that is being walked, else the newest that is open."""
    standing = dialog.current
    if standing is not None and standing.flow == "complaint":
        return turn.tx.find(Case, standing.state.case)
    if standing is not None and standing.flow in FREE:
        return None
    return next(iter(cases.open_of_customer(turn.tx, dialog.person.id or 0)), None)
