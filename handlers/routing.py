"""Routing: which part of the company an event belongs to."""

from typing import Any

from domain.effects import Say
from domain.errors import HuixiangError, Invalid
from domain.events import (
    ButtonTapped,
    ChatClosed,
    ChatStarted,
    Event,
    JobEnded,
    MessageCame,
    OrderPosted,
    StaffActed,
    TimerFired,
)  # fmt: skip
from domain.roles import Role
from handlers import arriving, chat, orders, taps
from handlers.people.leaving import left
from handlers.texts import refusal
from handlers.turn import Turn
from storage import people


def handle(turn: Turn, event: Event) -> dict[str, Any] | None:
    """Handle one event within its turn; what an edge that waits for it should answer, if anything."""
    match event:
        case MessageCame():
            chat.came(turn, event)
        case ButtonTapped():
            taps.tapped(turn, event)
        case ChatStarted():
            arriving.started(turn, event)
        case ChatClosed():
            left(turn, event.address)
        case TimerFired():
            turn.world.registry.timers[event.what](turn, event)
        case OrderPosted():
            return orders.posted(turn, event)
        case StaffActed():
            return _acted(turn, event)
        case JobEnded():
            return turn.act(event.job, arriving.system(turn), event.args)
        case _:
            return None
    return None


class Given(dict[str, Any]):
    """What an edge gave along with an action; what is missing is said by name."""

    def __missing__(self, name: str) -> Any:
        raise Invalid(f"缺少 {name}。", field=name)


def _acted(turn: Turn, event: StaffActed) -> dict[str, Any] | None:
    actor = turn.person(event.person) if event.person is not None else arriving.system(turn)
    return turn.act(event.action, actor, Given(event.args))


def refused(turn: Turn, event: Event, error: HuixiangError) -> None:
    """Tell somebody in a chat why what they did was refused; other edges get it as their answer."""
    if isinstance(event, MessageCame | ButtonTapped | ChatStarted):
        dialog = arriving.arrive(turn, event.address, event.sender)
        reason = refusal(turn.world.texts, error, dialog.person.locale)
        turn.say("chat.refused", dialog, reason=reason)


def say_parked(turn: Turn, event: Event) -> None:
    """An event failed for good: whoever it came from is told."""
    if isinstance(event, MessageCame | ButtonTapped | ChatStarted):
        turn.say("chat.broken", arriving.arrive(turn, event.address, event.sender))


def tell_parked(turn: Turn, _event: Event) -> None:
    """Staff know that something needs a look."""
    leads = [person for role in (Role.SUPERVISOR, Role.OWNER) for person in people.with_role(turn.tx, role)]
    turn.perform([Say("staff.parked", {"event": turn.event_id}, to=lead.id) for lead in leads], None)
