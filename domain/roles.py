"""Who may do what. Checked at every action, never only at the menu."""

from enum import StrEnum

from domain.errors import Forbidden


class Role(StrEnum):
    CUSTOMER = "customer"
    CLEANER = "cleaner"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    OWNER = "owner"

    @property
    def is_staff(self) -> bool:
        return self is not Role.CUSTOMER

    @property
    def is_lead(self) -> bool:
        """Supervisors and those above them: they take cases and decide."""
        return self in LEADS


LEADS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.OWNER})
BOSSES = frozenset({Role.MANAGER, Role.OWNER})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "see_cases": LEADS,
    "take_case": LEADS,
    "reply_customer": LEADS,
    "compensate": LEADS,
    "approve_money": BOSSES,
    "reassign": LEADS,
    "close_case": LEADS,
    "correct_case": LEADS,
    "open_case": LEADS,
    "confirm_phone": LEADS,
    "accept_booking": LEADS,
    "assign_cleaner": LEADS,
    "spot_check": LEADS,
    "call_back": LEADS,
    "record_rating": LEADS,
    "redeem_coupon": LEADS,
    "report_job": frozenset({Role.CLEANER}),
    "report_problem": frozenset({Role.CLEANER}) | LEADS,
    "invite_staff": BOSSES,
    "dismiss_staff": BOSSES,
    "export_data": BOSSES,
    "erase_data": BOSSES,
    "replay_webhook": LEADS,
    "print_link": LEADS,
    "free_stuck": BOSSES,
}


def may(role: Role, action: str) -> bool:
    """Whether this role may do it; an unknown action is forbidden to all."""
    return role in PERMISSIONS.get(action, frozenset())


def is_above(role: Role, other: Role) -> bool:
    """Whose place this role may give and take: an owner everybody's, a manager that of all who are no bosses."""
    return role is Role.OWNER or (role is Role.MANAGER and other not in BOSSES)


def require(role: Role, action: str) -> None:
    """Raise `Forbidden` unless `role` may do `action`."""
    if not may(role, action):
        raise Forbidden(action=action, role=str(role))
