"""What a ping shows: the card of a case or of a request, with what can be done about it on its buttons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.effects import Action, Say
from handlers.cases import pictures
from handlers.cases.cards import button
from handlers.cases.cards import card as case_card
from handlers.requests import cards as request_cards
from handlers.turn import Turn
from storage import cases
from storage.cases import BY_CLEANER, Case
from storage.people import Person
from storage.requests import Request

TAKE = "take_case"
REPORTED = {"escalation.new": "escalation.new_report", "escalation.urgent": "escalation.urgent_report"}
REOPENED = {"escalation.new": "escalation.reopened"}
ASKED = {"escalation.new": "escalation.new_request"}
HANDLE = ("reply_customer", "compensate", "reassign_case", "close_case", "correct_case")


@dataclass(frozen=True, slots=True)
class Card:
    """`name` is how people call it. `case` is set for cases, so that a reply to the card finds its case.

    `leads` are first lines that fit this one better than the usual ones.
    """

    name: str
    text: str
    buttons: tuple[Action, ...]
    leads: Mapping[str, str]
    case: int | None = None


def split(about: str) -> tuple[str, int]:
    """`case:12` → ("case", 12)."""
    kind, _, number = about.partition(":")
    return kind, int(number)


def card(turn: Turn, about: str, locale: str) -> Card:
    """The card of what a ping is about, in the language of its reader."""
    kind, row_id = split(about)
    return CARDS[kind](turn, row_id, locale)


def ping(turn: Turn, person: Person, about: str, lead: str, **args: object) -> None:
    """Send the card to a person, on two channels when there are two. `lead` is the text key of its first line."""
    shown = card(turn, about, person.locale)
    known = {"about": shown.name, **args}
    first = turn.world.texts.render(shown.leads.get(lead, lead), known, person.locale)
    filled = {"lead": first, "card": shown.text}
    what = Say("escalation.ping", filled, buttons=shown.buttons, to=person.id, case=shown.case, urgent=True)
    turn.perform((what,), None)
    if shown.case is not None:
        pictures.bring(turn, shown.case, person.id or 0)


def tell(turn: Turn, person_id: int, about: str, key: str, **args: object) -> None:
    """A line about it to one of us, without the whole card."""
    shown = card(turn, about, turn.person(person_id).locale)
    turn.perform((Say(key, {"about": shown.name, **args}, to=person_id, case=shown.case),), None)


def remind(turn: Turn, person: Person, about: str, key: str) -> None:
    """A line with what can be done on its buttons, for somebody who has it already; on two channels when there are."""
    shown = card(turn, about, person.locale)
    what = Say(key, {"about": shown.name}, buttons=shown.buttons, to=person.id, case=shown.case, urgent=True)
    turn.perform((what,), None)


def _case(turn: Turn, case_id: int, locale: str) -> Card:
    case = turn.tx.get(Case, case_id)
    reported = case.origin == BY_CLEANER
    text = turn.world.texts.render("staff.report" if reported else "staff.card", case_card(turn, case, locale), locale)
    names = {"closed": (), "taken": HANDLE}.get(case.status, (TAKE, *HANDLE))
    if any(task.state == "open" for task in cases.tasks(turn.tx, case_id)):
        names = (*names, "case_tasks")
    buttons = tuple(button(case, name) for name in names)
    return Card(case.number, text, buttons, REOPENED if case.reopened else REPORTED if reported else {}, case_id)


def _request(turn: Turn, request_id: int, locale: str) -> Card:
    request = turn.tx.get(Request, request_id)
    text = turn.world.texts.render(f"requests.card_{request.kind}", request_cards.card(turn, request, locale), locale)
    name = turn.world.texts.render("escalation.request_name", {"request": request_id}, locale)
    return Card(name, text, request_cards.buttons(request), ASKED)


CARDS: Mapping[str, Callable[[Turn, int, str], Card]] = {"case": _case, "request": _request}
