"""Step one: soothe 安抚. Safety first, then words that fit the matter, never the same ones twice in a case."""

from collections.abc import Iterable

from domain.company import Soothing
from domain.effects import Say
from domain.labels import CaseType, Priority
from handlers import calendar
from handlers.cases.clocks import promise
from handlers.cases.reached import call_us, is_known
from handlers.cases.records import quote
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases
from storage.cases import Case


def soothe(turn: Turn, dialog: Dialog, case: Case, words: str) -> None:
    """Say what keeps people safe, then name the matter in the customer's own words and what happens next.

    Whoever is in need and reaches nobody of ours is not left to wait: they hear so, and whom to call.
    """
    if case.hazard:
        turn.perform((Say(f"safety.{case.hazard}", urgent=True),), dialog)
    if case.priority == Priority.URGENT and not is_known(turn, f"case:{case.id}"):
        told = {"matter": quote(words), "number": case.number, "call_us": call_us(turn, dialog.person.locale)}
        turn.say("complaint.alone", dialog, **told)
        return
    chosen = choose(turn.world.company.soothing, turn, case)
    if chosen is None:
        return
    turn.tx.change(Case, case.id or 0, said=[*case.said, chosen.id])
    turn.say(
        f"soothe.{chosen.id}",
        dialog,
        matter=quote(words),
        number=case.number,
        promise=promise(turn, case, dialog.person.locale),
    )


def choose(templates: Iterable[Soothing], turn: Turn, case: Case) -> Soothing | None:
    """The one that fits most closely among those not said yet in this case."""
    off_hours = not calendar.is_open(turn, case.branch_id)
    returning = len(cases.of_customer(turn.tx, case.customer_id or 0)) > 1
    fitting = [
        (closeness, template)
        for template in templates
        if template.id not in case.said
        and (closeness := fit(template, case, off_hours=off_hours, returning=returning)) is not None
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


def fit(template: Soothing, case: Case, *, off_hours: bool, returning: bool) -> int | None:
    """How closely it fits, the weights of its conditions added up; None when one of them does not.

    A type that is in doubt is not named.
    """
    closeness = 0
    for wanted, found, weight in (
        (template.types, CaseType.OTHER if case.doubts else case.type, 4),
        (template.priorities, case.priority, 3),
        (template.anger, case.anger, 2),
        (() if template.off_hours is None else (template.off_hours,), off_hours, 1),
        (() if template.returning is None else (template.returning,), returning, 3),
    ):
        if wanted and found not in wanted:
            return None
        closeness += weight if wanted else 0
    return closeness
