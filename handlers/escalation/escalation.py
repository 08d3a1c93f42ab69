"""Escalation: a ping climbs until a human takes it, and climbs past whoever took it and does nothing.

They are reminded once before. Only what the company does counts: the customer writing again moves no clock.
"""

from collections.abc import Mapping
from typing import Any

from domain.effects import SetTimer
from domain.events import TimerFired
from domain.labels import Priority
from domain.roles import Role
from handlers.area import Area
from handlers.calendar import due
from handlers.escalation import pings, subject
from handlers.escalation.ladder import above, frozen, manned
from handlers.turn import Turn
from storage import escalations
from storage.cases import Case
from storage.escalations import Escalation
from storage.people import Person
from storage.requests import Request

BRISK_ROUNDS = 6
"""After so many rounds each takes twice as long as the one before."""
SLOWEST = 4
"""How often that happens: at two minutes a rung, it ends at half an hour."""
MOST_AT_ONCE = 8
BELOW = -1
"""The place below the first rung: somebody who is asked before the ladder is."""


def start(
    turn: Turn, about: str, branch_id: int | None, *, urgent: bool, priority: Priority, first: Person | None = None
) -> None:
    """Begin to climb about `case:12` or `request:5`. One that goes on already begins anew only when it got graver.

    `first` knows the customer already and is asked alone, before the ladder is.
    """
    policy = frozen(turn.world.company, priority, urgent=urgent)
    known = escalations.about(turn.tx, about)
    if known is None:
        turn.tx.put(Escalation, about=about, branch_id=branch_id, ladder=policy, created_at=turn.now)
    elif known.state != "ended" and not _graver(known, policy):
        return
    elif known.state == "held":
        turn.tx.change(Escalation, known.id or 0, ladder=policy)
        _watch(turn, _at(turn, about))
        return
    else:
        turn.tx.change(
            Escalation, known.id or 0, ladder=policy, level=0, round=1, state="climbing", taken_by=None,
            taken_at=None, acted_at=None, created_at=turn.now,
        )  # fmt: skip
    lead = "escalation.urgent" if urgent else "escalation.new"
    if first is None:
        _ping(turn, _at(turn, about), 0, lead)
    else:
        _ping_people(turn, _at(turn, about), BELOW, [first], lead, round=1)


def call(turn: Turn, person: Person) -> list[str]:
    """Somebody is there again: what nobody could be called for calls them at once, the most urgent first.

    Whoever waits in need hears of it. Returns what they were called for; what is too much at a time is on their list.
    """
    unheard = [one for one in open_to(turn, person) if person.on_duty and not one.ladder["pinged"]]
    first = sorted(unheard, key=lambda one: (not one.ladder["urgent"], one.created_at))[:MOST_AT_ONCE]
    for one in first:
        _ping(turn, one, 0, "escalation.urgent" if one.ladder["urgent"] else "escalation.new")
    called = [one for one in first if person.id in _at(turn, one.about).ladder["pinged"]]
    for one in called:
        if one.ladder["urgent"]:
            subject.note_call(turn, one.about, person)
    return [one.about for one in called]


def open_to(turn: Turn, person: Person) -> list[Escalation]:
    """What nobody has taken yet and this person may take: of their branch, or of all when they belong to none."""
    climbing = [one for one in escalations.active(turn.tx) if one.state == "climbing"]
    return [one for one in climbing if person.branch_id is None or one.branch_id in (None, person.branch_id)]


def take(turn: Turn, about: str, actor: Person) -> bool:
    """Stop the climb; everyone pinged before, and who let it lie, hears who has it. False when it is held or ended."""
    known = escalations.about(turn.tx, about)
    if known is None or not escalations.take(turn.tx, known.id or 0, actor.id or 0, turn.now):
        return False
    turn.clear_timer("ladder", about)
    _watch(turn, _at(turn, about))
    for person_id in dict.fromkeys([*known.ladder["pinged"], known.taken_by]):
        if person_id not in (actor.id, None):
            pings.tell(turn, person_id, about, "escalation.taken_by", by=actor.name)
    _remember(turn, known, pinged=[])
    return True


def hand(turn: Turn, about: str, actor: Person, person: Person) -> None:
    """Somebody decides who has it: the climb stops, and the clock for doing something begins for that person."""
    known = _at(turn, about)
    turn.tx.change(Escalation, known.id or 0, state="held", taken_by=person.id, taken_at=turn.now, acted_at=None)
    turn.clear_timer("ladder", about)
    _watch(turn, _at(turn, about))
    pings.ping(turn, person, about, "escalation.handed", by=actor.name)


def acted(turn: Turn, about: str) -> None:
    """The company did something: answered, finished a task, decided. Nothing when nobody has taken it."""
    known = escalations.about(turn.tx, about)
    if known is not None and known.state == "held":
        turn.tx.change(Escalation, known.id or 0, acted_at=turn.now)
        _watch(turn, _at(turn, about))


def end(turn: Turn, about: str) -> None:
    """It is done with."""
    known = escalations.about(turn.tx, about)
    if known is not None:
        turn.tx.change(Escalation, known.id or 0, state="ended")
    for what in ("ladder", "idle"):
        turn.clear_timer(what, about)


def mend(turn: Turn, about: str) -> None:
    """Put right what an audit found: nobody is called, nothing will wake it, or whoever has it may not have it."""
    kind, row_id = pings.split(about)
    known = escalations.about(turn.tx, about)
    if known is None or known.state == "ended":
        _call_anew(turn, about)
    elif known.state == "held" and known.taken_by is not None and Role(turn.person(known.taken_by).role).is_lead:
        _watch(turn, known)
        if kind == "case":
            turn.tx.change(Case, row_id, owner_id=known.taken_by)
    else:
        if subject.owner(turn, about) is not None:
            subject.reopen(turn, about)
        _call_again(turn, known, "escalation.new")


def forget(turn: Turn, gone: Person) -> None:
    """Somebody left us: others are called for what they had, and they are told of nothing any more."""
    for known in escalations.active(turn.tx):
        others = [person_id for person_id in known.ladder["pinged"] if person_id != gone.id]
        theirs, called = known.taken_by == gone.id, others != known.ladder["pinged"]
        if called:
            _remember(turn, known, pinged=others)
        if theirs:
            turn.tx.change(Escalation, known.id or 0, taken_by=None)
        if (theirs and known.state == "held") or (called and known.state == "climbing" and not others):
            _call_again(turn, _at(turn, known.about), "escalation.left", who=gone.name)


def _call_again(turn: Turn, known: Escalation, lead: str, **args: Any) -> None:
    """Nobody has it any more: whoever stands where the climb had come to is called."""
    turn.tx.change(Escalation, known.id or 0, state="climbing", taken_by=None)
    turn.clear_timer("idle", known.about)
    _ping(turn, _at(turn, known.about), max(known.level, 0), lead, **args)


def _call_anew(turn: Turn, about: str) -> None:
    """As it was when it began; a request's branch is its customer's."""
    kind, row_id = pings.split(about)
    if kind == "case":
        case = turn.tx.get(Case, row_id)
        priority = Priority(case.priority)
        start(turn, about, case.branch_id, urgent=priority is Priority.URGENT, priority=priority)
    else:
        branch = turn.person(turn.tx.get(Request, row_id).customer_id).branch_id
        start(turn, about, branch, urgent=False, priority=Priority.HIGH)


def holder(turn: Turn, about: str) -> Person | None:
    """Who has it."""
    known = escalations.about(turn.tx, about)
    return turn.person(known.taken_by) if known is not None and known.state == "held" and known.taken_by else None


def who_knows(turn: Turn, about: str) -> list[int]:
    """Who has it, or while nobody has, all who were called; whoever let it lie may still act."""
    known = escalations.about(turn.tx, about)
    if known is None or known.state == "ended":
        return []
    called = known.ladder["pinged"] if known.state == "climbing" else ()
    return list(dict.fromkeys([*called, *(() if known.taken_by is None else (known.taken_by,))]))


def rung_over(turn: Turn, timer: TimerFired) -> None:
    """Nobody took it in time: the next rung, and round again after the last."""
    known = escalations.about(turn.tx, timer.about)
    if known is not None and known.state == "climbing":
        _ping(turn, known, known.level + 1, "escalation.climbed")


def idle(turn: Turn, timer: TimerFired) -> None:
    """Whoever took it did nothing, or did not finish in time: reminded once, then it climbs past them."""
    known = escalations.about(turn.tx, timer.about)
    if known is None or known.state != "held" or known.taken_by is None:
        return
    overdue = known.acted_at is not None
    if subject.waits_for_customer(turn, timer.about):
        _watch(turn, known)
    elif overdue and turn.now < (by := subject.resolve_by(turn, known)):
        turn.set_timer(SetTimer("idle", timer.about, at=by))
    else:
        _urge(turn, known, turn.person(known.taken_by), "overdue" if overdue else "idle", timer.args)


def _urge(turn: Turn, known: Escalation, taker: Person, why: str, before: Mapping[str, Any]) -> None:
    """`why` is `idle` or `overdue`. With nobody else to turn to, the taker is all there is, and is reminded again."""
    first = above(known, Role(taker.role))
    _, _, others = manned(turn, known, first, _passed_over(known))
    if others and before.get("reminded"):
        turn.tx.change(Escalation, known.id or 0, state="climbing")
        subject.reopen(turn, known.about)
        pings.tell(turn, taker.id or 0, known.about, f"escalation.{why}_told")
        _ping(turn, _at(turn, known.about), first, f"escalation.{why}", taker=taker.name)
        return
    pings.remind(turn, taker, known.about, f"escalation.{why}_{'reminder' if others else 'alone'}")
    minutes = known.ladder["idle"] // 2 if others else known.ladder["idle"]
    at = due(turn, known.branch_id, minutes, urgent=known.ladder["urgent"])
    turn.set_timer(SetTimer("idle", known.about, at=at, args={"reminded": True}))


def _ping(turn: Turn, escalation: Escalation, first: int, lead: str, **args: Any) -> None:
    """Ping the first rung from `first` on that is manned, and give it its minutes."""
    past = _passed_over(escalation)
    level, round_, people = manned(turn, escalation, first, past)
    if not people:
        people, lead = [turn.person(person_id) for person_id in past], "escalation.only_you"
    elif round_ > escalation.round and lead == "escalation.climbed":
        lead = "escalation.again"
    _ping_people(turn, escalation, level, people, lead, round=round_, **args)
    if first > 0:
        subject.note_climb(turn, escalation.about, level, people)


def _passed_over(escalation: Escalation) -> tuple[int, ...]:
    """Who knows of it already and is not called as if it were new: who let it lie, or was asked before the ladder."""
    asked = escalation.ladder["pinged"] if escalation.level == BELOW else ()
    return (*asked, *(() if escalation.taken_by is None else (escalation.taken_by,)))


def _ping_people(
    turn: Turn, escalation: Escalation, level: int, people: list[Person], lead: str, *, round: int, **args: Any
) -> None:
    pinged = dict.fromkeys([*escalation.ladder["pinged"], *(person.id for person in people)])
    ladder = {**escalation.ladder, "pinged": list(pinged)}
    turn.tx.change(Escalation, escalation.id or 0, level=level, round=round, pinged_at=turn.now, ladder=ladder)
    for person in people:
        pings.ping(turn, person, escalation.about, lead, round=round, **args)
    minutes = escalation.ladder["rungs"][max(level, 0)]["minutes"] * _pace(round)
    at = due(turn, escalation.branch_id, minutes, urgent=escalation.ladder["urgent"])
    turn.set_timer(SetTimer("ladder", escalation.about, at=at))


def _pace(round: int) -> int:
    """How many times as long a rung takes: whoever heard it six times over is not brought sooner by a hundred more."""
    return int(2 ** min(max(round - BRISK_ROUNDS, 0), SLOWEST))


def _watch(turn: Turn, escalation: Escalation) -> None:
    """Wake up when nothing was done for half the time given, which leaves the other half after a reminder.

    Once something was done, not before all should be done.
    """
    policy, acted_on = escalation.ladder, escalation.acted_at is not None
    minutes = policy["idle"] if acted_on else policy["idle"] - policy["idle"] // 2
    at = due(turn, escalation.branch_id, minutes, urgent=policy["urgent"])
    if acted_on:
        at = max(at, subject.resolve_by(turn, escalation))
    turn.set_timer(SetTimer("idle", escalation.about, at=at))


def _remember(turn: Turn, escalation: Escalation, *, pinged: list[Any]) -> None:
    turn.tx.change(Escalation, escalation.id or 0, ladder={**escalation.ladder, "pinged": pinged})


def _graver(known: Escalation, policy: dict[str, Any]) -> bool:
    return Priority(policy["priority"]).rank < Priority(known.ladder["priority"]).rank


def _at(turn: Turn, about: str) -> Escalation:
    known = escalations.about(turn.tx, about)
    if known is None:
        raise KeyError(about)
    return known


AREA = Area(timers={"ladder": rung_over, "idle": idle})
