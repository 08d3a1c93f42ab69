"""The first words in a chat, by who somebody is, with what they can do at once under them."""

from domain.effects import Action, Say
from domain.roles import Role
from handlers.dialog import Dialog
from handlers.escalation import escalation
from handlers.turn import Turn

LEAD = (
    Action("waiting", "staff.waiting_label"),
    Action("my_cases", "staff.my_cases_label"),
    Action("today_visits", "staff.today_visits_label"),
)
BUTTONS: dict[str, tuple[Action, ...]] = {
    Role.CUSTOMER: (
        Action("want_booking", "feedback.booking_label"),
        Action("ask_topic", "feedback.price_label", {"topic": "price"}),
        Action("ask_topic", "feedback.scope_label", {"topic": "scope"}),
        Action("want_person", "feedback.person_label"),
    ),
    Role.CLEANER: (Action("my_day", "visits.today_label"),),
}


def welcome(turn: Turn, dialog: Dialog) -> None:
    """A lead who comes is called for what nobody was there for, and sees what else waits for anybody."""
    role = dialog.person.role
    said = {"company": turn.world.company.name}
    turn.perform((Say(f"welcome.{role}", said, buttons=BUTTONS.get(role, LEAD)),), dialog)
    if not Role(role).is_lead:
        return
    called = escalation.call(turn, dialog.person)
    if len(escalation.open_to(turn, dialog.person)) > len(called):
        turn.act("waiting", dialog.person, {"dialog": dialog})
