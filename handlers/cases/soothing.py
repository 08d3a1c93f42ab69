"""Step one: soothe 安抚. Safety first, then words that fit the matter, never the same ones twice in a case."""

from collections.abc import Iterable

from domain.company import Soothing
from domain.effects import Say
from domain.labels import CaseType, Priority
from handlers import calendar
from handlers.cases.clocks import promise
from handlers.cases.records import quote
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import cases
from storage.cases import Case


def soothe(turn: Turn, dialog: Dialog, case: Case, words: str) -> None:
    """Say what keeps people safe, then name the matter in the customer's own words and what happens next."""
    if case.hazard:
        turn.perform((Say(f"safety.{case.hazard}", urgent=True),), dialog)
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
    """How many conditions fit; None when one does not."""
    conditions = (
        (bool(template.types), CaseType(case.type) in template.types, 4),
        (bool(template.priorities), Priority(case.priority) in template.priorities, 3),
        (bool(template.anger), case.anger in template.anger, 2),
        (template.off_hours is not None, template.off_hours == off_hours, 1),
        (template.returning is not None, template.returning == returning, 3),
    )
    if any(asked and not met for asked, met, _ in conditions):
        return None
    return sum(weight for asked, _, weight in conditions if asked)
