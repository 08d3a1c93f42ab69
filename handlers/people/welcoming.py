"""The first words in a chat, by who somebody is, with what they can do at once under them."""

from domain.effects import Action, Say
from domain.roles import Role
from handlers.dialog import Dialog
from handlers.turn import Turn
from storage import escalations

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
    """A lead who comes while something waits for anybody sees it at once: nobody could call them before."""
    role = dialog.person.role
    said = {"company": turn.world.company.name}
    turn.perform((Say(f"welcome.{role}", said, buttons=BUTTONS.get(role, LEAD)),), dialog)
    if Role(role).is_lead and any(one.state == "climbing" for one in escalations.active(turn.tx)):
        turn.act("waiting", dialog.person, {"dialog": dialog})
