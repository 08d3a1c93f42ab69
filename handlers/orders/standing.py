"""Flows about an order that lost their reason: left quietly, wherever the person stands in them."""

from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import conversations
from storage.orders import Order


def drop(turn: Turn, person_id: int | None, order: Order, flows: tuple[str, ...]) -> bool:
    """End these flows about this order in every chat of the person; True when there was one."""
    dropped = [_drop(dialog, order, flows) for dialog in dialogs(turn, person_id)]
    return any(dropped)


def stands(dialog: Dialog, order_id: int, flow: str) -> bool:
    """Whether the person is in this flow about this order."""
    standings = (dialog.current, dialog.paused)
    return any(one is not None and one.flow == flow and one.state.order == order_id for one in standings)


def dialogs(turn: Turn, person_id: int | None) -> list[Dialog]:
    """Every chat in which the person can be reached, the last used first."""
    if person_id is None:
        return []
    found = (turn.dialog(chat.id or 0) for chat in conversations.of_person(turn.tx, person_id))
    return [dialog for dialog in found if dialog is not None]


def _drop(dialog: Dialog, order: Order, flows: tuple[str, ...]) -> bool:
    kept = [
        one for one in (dialog.current, dialog.paused)
        if one is not None and not (one.flow in flows and one.state.order == order.id)
    ]  # fmt: skip
    before = sum(one is not None for one in (dialog.current, dialog.paused))
    dialog.current, dialog.paused = (*kept, None, None)[:2]
    return len(kept) < before
