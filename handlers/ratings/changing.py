"""Stars put right: a slip of the finger, or a second thought. What was said beside the old ones stays."""

from dataclasses import replace
from datetime import timedelta

from domain.effects import Action, OpenCase, SaveRating, Say
from domain.events import MessageCame
from domain.labels import Intent
from domain.understanding import Understanding
from flows.rating import HIGH, LOW, names_failing
from flows.reducer import Standing
from flows.stars import LONGEST, corrects, is_slip, meant_in
from handlers import running
from handlers.cases.amending import put_down
from handlers.dialog import Dialog
from handlers.orders.standing import drop
from handlers.turn import Turn
from storage import cases, ratings
from storage.cases import Case
from storage.orders import Order

FIRST_ANSWERS = frozenset({"wrong", "attitude"})
"""Steps that ask at once after the stars: a slip named there without a word more is about those."""
STARS = range(1, 6)
STILL_WELCOME = timedelta(days=7)
"""How long after a visit its stars may be given, or put right."""


def heard(turn: Turn, dialog: Dialog, message: MessageCame, reading: Understanding) -> bool:
    """ "打错了，是2星": True when it put the stars of a visit right, or was asked what they should be."""
    text, standing = message.text, _standing(dialog)
    if standing is not None and standing.step == "stars":
        return False
    just_now = standing is not None and standing.step in FIRST_ANSWERS and is_slip(text)
    if not (just_now or (len(text) <= LONGEST and corrects(text))):
        return False
    order = _rated(turn, dialog, standing)
    if order is None:
        return False
    meant = meant_in(text)
    known = ratings.of_order(turn.tx, order.id or 0)
    if not meant or (known is not None and known.stars == meant):
        _ask(turn, dialog, order)
    else:
        change(turn, dialog, order, meant, message, reading)
    return True


def change(
    turn: Turn, dialog: Dialog, order: Order, stars: int, message: MessageCame | None = None,
    reading: Understanding | None = None,
) -> None:  # fmt: skip
    """These stars count from now on; low ones begin what low stars begin, unless a case is open about the visit.

    A review is not shared any longer that has become a low one.
    """
    before = ratings.of_order(turn.tx, order.id or 0)
    was = before.stars if before is not None else 0
    complains = reading is not None and reading.intent is Intent.COMPLAINT and names_failing(reading)
    words = message.text if message is not None and complains else ""
    kept = SaveRating(order.id or 0, stars, comment=words, consent=None if stars >= HIGH else False)
    turn.perform((kept,), dialog)
    case = next((one for one in cases.open_of_customer(turn.tx, order.customer_id) if one.order_id == order.id), None)
    if case is not None:
        _tell_case(turn, dialog, case, was, stars, message.text if message is not None else "")
        return
    turn.say("rating.changed", dialog, stars=stars)
    if message is not None and complains and stars < HIGH:
        drop(turn, order.customer_id, order, ("rating",))
        turn.perform((OpenCase(words, "rating", order.id, message.attachments),), dialog)
    else:
        _go_on(turn, dialog, order, stars)


def _go_on(turn: Turn, dialog: Dialog, order: Order, stars: int) -> None:
    """The questions that stand here go on as these stars ask for; low ones, and those mistaken for low, begin anew."""
    standing = _standing(dialog)
    mine = standing if standing is not None and standing.state.order == order.id else None
    if stars <= LOW or (mine is not None and mine.step == "wrong"):
        drop(turn, order.customer_id, order, ("rating",))
        running.begin(turn, dialog, "rating", {"order": order.id, "stars": stars})
    elif mine is None or (mine.step == "share" and stars < HIGH):
        drop(turn, order.customer_id, order, ("rating",))
    else:
        restarred = replace(mine, state=replace(mine.state, stars=stars))
        running.bring_up(dialog, mine)
        dialog.current = restarred
        running.ask_again(turn, dialog)


def _tell_case(turn: Turn, dialog: Dialog, case: Case, was: int, stars: int, said: str) -> None:
    """Whoever has the case knows it; a case that only a slip began is closed by one tap of the customer."""
    words = turn.world.texts.render("rating.changed_note", {"was": was, "stars": stars}, "zh-CN")
    put_down(turn, dialog, case, f"{words}：{said}" if said else words)
    better = stars >= HIGH > was
    button = Action("case_solved", "complaint.solved_label", {"case": case.id})
    key = "rating.changed_better" if better else "rating.changed_case"
    told = {"stars": stars, "number": case.number}
    turn.perform((Say(key, told, buttons=(button,) if better else (), case=case.id),), dialog)


def _ask(turn: Turn, dialog: Dialog, order: Order) -> None:
    args = {"order": order.id, "step": "stars", "back": True}
    buttons = tuple(Action("rate_order", "rating.stars_label", {**args, "choice": str(stars)}) for stars in STARS)
    turn.perform((Say("rating.change_ask", buttons=buttons),), dialog)


def _rated(turn: Turn, dialog: Dialog, standing: Standing | None) -> Order | None:
    """The visit whose stars are meant: the one being asked about, else the last that was rated, within a week."""
    if standing is not None:
        return turn.tx.get(Order, standing.state.order)
    for rating in ratings.of_customer(turn.tx, dialog.person.id or 0):
        order = turn.tx.get(Order, rating.order_id)
        if rating.stars and turn.now - order.ends_at <= STILL_WELCOME:
            return order
    return None


def _standing(dialog: Dialog) -> Standing | None:
    """The rating that is being asked for in this chat."""
    both = (dialog.current, dialog.paused)
    return next((one for one in both if one is not None and one.flow == "rating"), None)
