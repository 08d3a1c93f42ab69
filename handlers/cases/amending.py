"""More about an open case: an answer, a repeat, a picture, a reply, an edit, the cleaner's side."""

from dataclasses import asdict
from functools import reduce
from typing import Any

from domain.effects import AddToCase, Say
from domain.events import Attachment, MessageCame
from domain.labels import CaseType, Intent, Priority
from domain.understanding import Understanding
from flows.complaint import CALL, SAFE, TYPE, number_in
from handlers import running
from handlers.cases import ending, intervening, kinds
from handlers.cases.calling import is_missing, keep
from handlers.cases.cards import button, owner_locale, partner_name, tell_owner
from handlers.cases.clocks import deadlines, go_on
from handlers.cases.pictures import bring
from handlers.cases.records import answered, as_data, find, merge, note, quote
from handlers.cases.relaying import end_walk
from handlers.cases.soothing import soothe
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.turn import Turn
from handlers.webhooks import webhooks
from storage import cases, outbox
from storage.cases import Case
from storage.people import Person

FIRST_TYPES = (
    CaseType.SAFETY, CaseType.LOSS, CaseType.PRIVACY, CaseType.DAMAGE, CaseType.HYGIENE, CaseType.CONTRACT,
    CaseType.EQUIPMENT,
)  # fmt: skip

TOLD_AT_ONCE = frozenset({CALL, SAFE, "correction"})


def added(turn: Turn, dialog: Dialog | None, effect: AddToCase) -> None:
    """An answer given in a flow: into the matrix and the timeline."""
    case = find(turn, effect.case)
    actor = dialog.person.id if dialog is not None else None
    if effect.question == "to_staff":
        _to_staff(turn, dialog, case, effect)
        return
    if effect.question.startswith("side"):
        note(turn, effect.case, effect.question, effect.text, actor=actor, files=_files(effect.files))
        tell_owner(turn, case, "staff.side", said=quote(effect.text) or "—", files=effect.files)
        return
    if effect.question == TYPE and (kind := kinds.named(turn, case, effect.text)):
        kinds.settle(turn, case, kind)
        note(turn, effect.case, "answer", effect.text, actor=actor, audience="all", question=TYPE, type=kind.value)
        return
    text = keep(turn, case, effect.text) if effect.question == CALL else effect.text
    reading = turn.read(text)
    matrix = answered(case.matrix, effect.question, text, reading) if text else dict(case.matrix)
    if effect.files:
        matrix["evidence"] = [*matrix.get("evidence", []), *(file.file for file in effect.files)]
    turn.tx.change(Case, effect.case, matrix=matrix)
    files = _files(effect.files)
    note(turn, effect.case, "answer", effect.text, actor=actor, audience="all", question=effect.question, files=files)
    if effect.question == CALL and number_in(effect.text):
        _tell_where_to_call(turn, find(turn, effect.case), effect.text)
    elif effect.question in TOLD_AT_ONCE:
        tell_owner(turn, case, "staff.said_more", said=effect.text, files=effect.files)
    elif effect.files and case.owner_id is not None:
        bring(turn, effect.case, case.owner_id)
    if effect.question == TYPE:
        kinds.settle(turn, case, reading.primary if reading.primary is not CaseType.OTHER else None)
    raise_to(turn, find(turn, effect.case), text, reading)


def _tell_where_to_call(turn: Turn, case: Case, words: str) -> None:
    """Everybody who was called, for one of them is to call back now, whether they have pressed the button or not."""
    names = ("reply_customer", "show_case") if case.status == "taken" else ("take_case", "reply_customer")
    for person_id in escalation.who_knows(turn, f"case:{case.id}"):
        who = partner_name(turn, case, turn.person(person_id).locale)
        told = {"number": case.number, "customer": who, "said": words}
        buttons = tuple(button(case, name) for name in names)
        what = Say("staff.left_number", told, to=person_id, case=case.id, buttons=buttons, urgent=True)
        turn.perform((what,), None)


def join(
    turn: Turn, dialog: Dialog, case: Case, message: MessageCame, reading: Understanding, key: str = "complaint.joined"
) -> None:
    """A repeat: the open case grows; whoever holds it is told, and the customer is soothed when it got graver.

    `key` is what they hear otherwise.
    """
    raised = record(turn, dialog, case, message, reading)
    tell_owner(turn, case, "staff.said_more", said=message.text, files=message.attachments)
    if raised:
        soothe(turn, dialog, find(turn, case.id or 0), message.text)
        _ask_where_to_call(turn, dialog, find(turn, case.id or 0), message.text)
    else:
        turn.say(key, dialog, number=case.number)


def _ask_where_to_call(turn: Turn, dialog: Dialog, case: Case, words: str) -> None:
    """It has become urgent: what we asked before can wait."""
    keep(turn, case, words)
    if is_missing(turn, case):
        end_walk(turn, case)
        running.begin(turn, dialog, "complaint", {"case": case.id})


def record(turn: Turn, dialog: Dialog, case: Case, message: MessageCame, reading: Understanding) -> bool:
    """Write what was said into an open case; True when that made it more urgent."""
    case_id = case.id or 0
    matrix = merge(case.matrix, {**as_data(reading.matrix), "more": [message.text]})
    if message.attachments:
        matrix["evidence"] = [*matrix.get("evidence", []), *(file.file for file in message.attachments)]
    turn.tx.change(Case, case_id, matrix=matrix, anger=max(case.anger, reading.anger))
    _said(turn, case_id, dialog, message)
    return raise_to(turn, find(turn, case_id), message.text, reading)


def raise_to(turn: Turn, case: Case, text: str, reading: Understanding) -> bool:
    """New words may make a case more urgent, of a graver type, or of one more; never less. True when it got urgent."""
    if reading.intent is not Intent.COMPLAINT or reading.priority is None:
        return False
    priority = reading.priority.at_least(Priority(case.priority))
    named = kinds.told(turn, text, reading)
    fresh = [one for one in named if one not in (case.type, *case.secondary, CaseType.RESPONSE)]
    kind = reduce(graver, named, CaseType(case.type))
    changes: dict[str, Any] = {}
    if fresh or kind != case.type:
        known = dict.fromkeys([*case.secondary, case.type, *(one.value for one in fresh)])
        changes |= {"type": kind.value, "secondary": [one for one in known if one != kind]}
        intervening.widen(turn, case, fresh)
    if priority is Priority.URGENT and reading.hazard and not case.hazard:
        changes["hazard"] = reading.hazard.value
    return make_graver(turn, case, priority, changes)


def make_graver(turn: Turn, case: Case, priority: Priority, changes: dict[str, Any], **noted: Any) -> bool:
    """Write these columns and the priority, with its deadlines; True when it rose, and the ladder begins anew."""
    if priority != case.priority:
        respond_by, resolve_by = deadlines(turn, case.branch_id, priority)
        changes |= {"priority": priority.value, "respond_by": min(respond_by, case.respond_by)}
        changes |= {"resolve_by": min(resolve_by, case.resolve_by)}
    if not changes:
        return False
    kind = changes.get("type", case.type)
    turn.tx.change(Case, case.id or 0, **changes)
    note(turn, case.id or 0, "raised", priority.value, type=kind, **noted)
    webhooks.emit(turn, "case.changed", {"case": case.number, "type": kind, "priority": priority.value})
    if priority == case.priority:
        return False
    urgent = priority is Priority.URGENT
    escalation.start(turn, f"case:{case.id}", case.branch_id, urgent=urgent, priority=priority)
    return True


def graver(old: CaseType, new: CaseType | None) -> CaseType:
    """The one that decides who must act first; a known type beats `other`."""
    if new is None or new is CaseType.OTHER or new is old:
        return old
    if old is CaseType.OTHER:
        return new
    rank = {kind: place for place, kind in enumerate(FIRST_TYPES)}
    return new if rank.get(new, len(rank)) < rank.get(old, len(rank)) else old


def replied(turn: Turn, dialog: Dialog, message: MessageCame) -> bool:
    """A reply to something about a case reaches whoever holds it. False when it was no such message."""
    case = case_of_reply(turn, dialog, message)
    if case is None or cases.partner_id(case) != dialog.person.id:
        return False
    if case.status == "closed":
        return ending.reopened_by_message(turn, dialog, case, message)
    relay_to_staff(turn, dialog, case, message)
    return True


def relay_to_staff(turn: Turn, dialog: Dialog, case: Case, message: MessageCame) -> None:
    """The customer's words, to the person who has the case; whoever takes it later reads them on the card."""
    _said(turn, case.id or 0, dialog, message)
    if case.owner_id is None and message.text:
        turn.tx.change(Case, case.id or 0, matrix=merge(find(turn, case.id or 0).matrix, {"more": [message.text]}))
    files = turn.world.texts.render("labels.files", {"count": len(message.attachments)}, owner_locale(turn, case))
    tell_owner(turn, case, "staff.said_more", said=message.text or files, files=message.attachments)
    owner = turn.tx.find(Person, case.owner_id)
    if owner is None:
        turn.say("complaint.joined", dialog, number=case.number)
    else:
        turn.say("complaint.passed_on", dialog, number=case.number, staff=owner.name)


def seems_over(turn: Turn, dialog: Dialog, case: Case, message: MessageCame) -> None:
    """Whoever reported it says that it is all right again: whoever has the case, or was called for it, decides."""
    _said(turn, case.id or 0, dialog, message)
    if case.owner_id is None:
        turn.tx.change(Case, case.id or 0, matrix=merge(find(turn, case.id or 0).matrix, {"more": [message.text]}))
    owner = turn.tx.find(Person, case.owner_id)
    names = ("take_case", "reply_customer") if owner is None else ("reply_customer", "close_case")
    told = {"number": case.number, "customer": dialog.person.name, "said": message.text}
    for person_id in [owner.id] if owner is not None else escalation.who_knows(turn, f"case:{case.id}"):
        buttons = tuple(button(case, name) for name in names)
        turn.perform((Say("staff.seems_over", told, to=person_id, case=case.id, buttons=buttons),), None)
    turn.say("cleaners.seems_over", dialog, number=case.number)


def put_down(turn: Turn, dialog: Dialog, case: Case, words: str) -> None:
    """What somebody let us know, on the timeline and to whoever has the case; whoever takes it later reads it there."""
    note(turn, case.id or 0, "said", words, actor=dialog.person.id, audience="all")
    if case.owner_id is None:
        turn.tx.change(Case, case.id or 0, matrix=merge(find(turn, case.id or 0).matrix, {"more": [words]}))
    tell_owner(turn, case, "staff.said_more", said=words)


def _to_staff(turn: Turn, dialog: Dialog | None, case: Case, effect: AddToCase) -> None:
    if dialog is not None:
        message = MessageCame(dialog.address, effect.text, effect.files)
        relay_to_staff(turn, dialog, case, message)


def showed(turn: Turn, dialog: Dialog, message: MessageCame, files: tuple[Attachment, ...]) -> None:
    """Pictures or voice without words: evidence for the open case; otherwise ask what they are about."""
    found = cases.open_of_customer(turn.tx, dialog.person.id or 0)
    if not found:
        running.begin(turn, dialog, "showing", {"files": files})
        return
    case = found[0]
    matrix = {**case.matrix, "evidence": [*case.matrix.get("evidence", []), *(file.file for file in files)]}
    turn.tx.change(Case, case.id or 0, matrix=matrix)
    _said(turn, case.id or 0, dialog, message)
    tell_owner(turn, case, "staff.sent_files", count=len(files), files=files)
    turn.say("complaint.got_files", dialog, number=case.number, count=len(files))
    running.ask_again(turn, dialog)


def case_of_reply(turn: Turn, dialog: Dialog, message: MessageCame) -> Case | None:
    """The case that the message replied to was about."""
    row = outbox.replied_to(turn.tx, dialog.address.channel, dialog.address.chat, message.reply_to)
    return turn.tx.find(Case, row.case_id) if row is not None else None


def _said(turn: Turn, case_id: int, dialog: Dialog, message: MessageCame) -> None:
    go_on(turn, find(turn, case_id))
    files = _files(message.attachments)
    note(turn, case_id, "said", message.text, actor=dialog.person.id, audience="all", ref=message.ref, files=files)


def _files(files: tuple[Attachment, ...]) -> list[dict[str, Any]]:
    return [asdict(file) for file in files]
