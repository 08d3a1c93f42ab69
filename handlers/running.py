"""Running flows in a dialog: begin, answer, pause beneath another, resume, cancel, fall silent."""

from collections.abc import Mapping
from typing import Any

from domain.effects import ClearTimer, Do, Effect, SetTimer, Start
from domain.events import TimerFired
from domain.hours import after_quiet, in_quiet
from flows import reducer
from flows.flow import Answer, AnyFlow
from flows.reducer import Standing
from handlers.area import Area
from handlers.dialog import Dialog
from handlers.speaking import labels
from handlers.turn import Turn
from storage import timers

RUNS_A_TURN = 10


def begin(turn: Turn, dialog: Dialog, name: str, args: Mapping[str, Any]) -> bool:
    """Start a flow; the current one waits beneath. False when there is no reason to begin."""
    state = turn.world.registry.starts[name](turn, dialog, args)
    if state is None:
        return False
    flow = turn.world.flows[name]
    _make_room(turn, dialog)
    _enter(turn, dialog, *reducer.begin(flow, state, _instance(turn)))
    return True


def answer(turn: Turn, dialog: Dialog, given: Answer) -> bool:
    """Give the current step an answer; False when it takes no such answer."""
    standing = dialog.current
    if standing is None:
        return False
    flow = flow_of(turn, standing)
    given = typed_choice(turn, dialog, given)
    if not reducer.accepts(flow.step(standing.step), standing.state, given):
        return False
    _enter(turn, dialog, *reducer.advance(flow, standing, given))
    return True


def takes_text(turn: Turn, dialog: Dialog) -> bool:
    """Whether the current step waits for free words."""
    standing = dialog.current
    return standing is not None and flow_of(turn, standing).step(standing.step).accepts.text


def takes_files(turn: Turn, dialog: Dialog) -> bool:
    standing = dialog.current
    return standing is not None and flow_of(turn, standing).step(standing.step).accepts.files


def typed_choice(turn: Turn, dialog: Dialog, given: Answer) -> Answer:
    """Words that name one of the buttons count as pressing it."""
    standing = dialog.current
    if standing is None or given.choice or not given.text:
        return given
    asked = reducer.question(flow_of(turn, standing), standing)
    if not asked.choices:
        return given
    locale = dialog.person.locale
    choice = turn.world.texts.typed(asked.key, labels(turn, asked, locale), given.text, locale)
    return Answer(choice=choice, files=given.files) if choice else given


def bring_up(dialog: Dialog, standing: Standing) -> None:
    """Make this run the current one; the other waits beneath."""
    if dialog.current is not None and dialog.current.instance != standing.instance:
        dialog.current, dialog.paused = standing, dialog.current


def ask_again(turn: Turn, dialog: Dialog, lead: str = "") -> None:
    """Say the current question once more, after a lead sentence if one is named."""
    if dialog.current is None or flow_of(turn, dialog.current).light:
        return
    if lead:
        turn.say(lead, dialog)
    turn.perform((reducer.question(flow_of(turn, dialog.current), dialog.current),), dialog)


def cancel(turn: Turn, dialog: Dialog) -> bool:
    """Leave the current flow; the one beneath goes on. False when there is none."""
    standing = dialog.current
    if standing is None:
        return False
    key = f"{standing.flow}.cancelled"
    turn.say(key if turn.world.texts.has(key) else "chat.cancelled", dialog)
    _enter(turn, dialog, None, reducer.leave(flow_of(turn, standing), standing))
    return True


def leave_all(turn: Turn, dialog: Dialog) -> None:
    """Whoever sits here is not who was asked any more: nothing is asked again, and what was begun is settled."""
    left = [standing for standing in (dialog.current, dialog.paused) if standing is not None]
    dialog.current, dialog.paused = None, None
    for standing in left:
        turn.perform(reducer.leave(flow_of(turn, standing), standing), dialog)


def flow_of(turn: Turn, standing: Standing) -> AnyFlow:
    return turn.world.flows[standing.flow]


def _enter(turn: Turn, dialog: Dialog, standing: Standing | None, effects: tuple[Effect, ...]) -> None:
    dialog.current = standing
    turn.perform(effects, dialog)
    if dialog.current is None and dialog.paused is not None:
        dialog.current, dialog.paused = dialog.paused, None
        ask_again(turn, dialog, "chat.resume")


def _make_room(turn: Turn, dialog: Dialog) -> None:
    """The current flow waits beneath the new one; what waited there is left for good."""
    if dialog.current is None or flow_of(turn, dialog.current).light:
        return
    pushed_out, dialog.paused, dialog.current = dialog.paused, dialog.current, None
    if pushed_out is not None:
        turn.perform(reducer.leave(flow_of(turn, pushed_out), pushed_out), dialog)


def _instance(turn: Turn) -> int:
    """Unique for all time: a turn begins fewer flows than this factor."""
    turn.begun += 1
    return turn.event_id * RUNS_A_TURN + turn.begun


def _start(turn: Turn, dialog: Dialog | None, effect: Start) -> None:
    if dialog is not None:
        begin(turn, dialog, effect.flow, effect.args)


def _fell_silent(turn: Turn, timer: TimerFired) -> None:
    """Only when the person still stands where the timer was set; not at night for what we began.

    What ends without a word is no reason to ask again what waits beneath.
    """
    dialog = turn.dialog(int(timer.about.split(":")[1]))
    if dialog is None:
        return
    standing = dialog.instance(timer.args["instance"])
    if standing is None or standing.step != timer.args["step"]:
        return
    company = turn.world.company
    if flow_of(turn, standing).proactive and in_quiet(company.quiet, turn.now, company.hours.timezone):
        later = after_quiet(company.quiet, turn.now, company.hours.timezone)
        timers.set_timer(turn.tx, timer.what, timer.about, later, timer.args)
        return
    bring_up(dialog, standing)
    after, effects = reducer.fall_silent(flow_of(turn, standing), standing)
    if after is None and not effects:
        dialog.current, dialog.paused = dialog.paused, None
    else:
        _enter(turn, dialog, after, effects)


def _set_timer(turn: Turn, dialog: Dialog | None, effect: SetTimer) -> None:
    turn.set_timer(effect, dialog)


def _clear_timer(turn: Turn, dialog: Dialog | None, effect: ClearTimer) -> None:
    turn.clear_timer(effect.what, effect.about)


def _do(turn: Turn, dialog: Dialog | None, effect: Do) -> None:
    """An action as whoever stands in the flow; its role is checked there."""
    if dialog is not None:
        turn.act(effect.name, dialog.person, {**effect.args, "dialog": dialog})


AREA = Area(
    effects={Start: _start, Do: _do, SetTimer: _set_timer, ClearTimer: _clear_timer}, timers={"silence": _fell_silent}
)
