"""Taps: a button was pressed. Which one, may this person press it, does it still mean anything?"""

from datetime import timedelta
from typing import Any

from domain.events import ButtonTapped
from flows.flow import Answer
from handlers import running
from handlers.arriving import arrive
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import outbox

OLD = timedelta(days=30)


def tapped(turn: Turn, event: ButtonTapped) -> None:
    """Answer the flow, do the action, or say kindly why this button does nothing any more."""
    dialog = arrive(turn, event.address, event.sender)
    button = _button(turn, event)
    if button is None:
        turn.say("chat.stale_button", dialog)
        running.ask_again(turn, dialog)
    elif button["act"] == "answer":
        _answer(turn, dialog, button["args"])
    else:
        turn.act(button["act"], dialog.person, {**button["args"], "dialog": dialog})
    if event.address not in turn.heard:
        turn.say("chat.done", dialog)


def _button(turn: Turn, event: ButtonTapped) -> dict[str, Any] | None:
    """What the pressed button carries; None for a forged, foreign or very old one."""
    token, _, index = event.button.partition(".")
    row = outbox.by_token(turn.tx, token)
    if row is None or (row.channel, row.chat) != (event.address.channel, event.address.chat):
        return None
    if turn.now - row.created_at > OLD or not index.isdecimal():
        return None
    buttons = [button for line in row.buttons for button in line if "act" in button]
    return buttons[int(index)] if int(index) < len(buttons) else None


def _answer(turn: Turn, dialog: Dialog, args: dict[str, Any]) -> None:
    """A choice of a flow counts only while its step is the one waiting; some flows can be taken up again.

    In those another button of the first question takes back the one that was pressed.
    """
    standing = dialog.instance(args["instance"])
    flow = turn.world.flows.get(args.get("flow", ""))
    back = standing is not None and flow is not None and args["step"] == flow.first != standing.step
    if flow is not None and flow.again and (standing is None or back):
        known = {name: args[name] for name in ("order", "step", "choice")}
        again = {**known, "back": back, "dialog": dialog}
        turn.act(flow.again, dialog.person, again)
        return
    if standing is None or standing.step != args["step"]:
        turn.say("chat.stale_button", dialog)
        running.ask_again(turn, dialog)
        return
    running.bring_up(dialog, standing)
    running.answer(turn, dialog, Answer(choice=args["choice"]))
