"""A complaint that came as a tap: put into words from the texts, then a case like any other."""

from domain.effects import AddToCase, OpenCase, RaiseCase
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases
from storage.cases import Case


def raised(turn: Turn, dialog: Dialog | None, effect: RaiseCase) -> None:
    """What a customer adds about a visit whose case is open joins it; anything else opens one."""
    words = turn.world.texts.render(effect.key, effect.args, "zh-CN")
    text = f"{words}。{effect.text}" if effect.text else words
    open_case = _open_case(turn, dialog, effect.order)
    if open_case is None or dialog is None:
        turn.perform((OpenCase(text, effect.origin, effect.order or None, effect.files),), dialog)
        return
    turn.perform((AddToCase(open_case.id or 0, text, effect.files),), dialog)
    turn.say("visits.joined_case", dialog, number=open_case.number)


def _open_case(turn: Turn, dialog: Dialog | None, order: int) -> Case | None:
    if dialog is None or dialog.person.role != "customer":
        return None
    found = cases.open_of_customer(turn.tx, dialog.person.id or 0)
    return next((case for case in found if case.order_id == order and case.origin != "cleaner"), None)
