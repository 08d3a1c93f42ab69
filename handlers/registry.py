"""Every area of the company, joined: the only list to extend when there is one more."""

from handlers import (
    bookings,
    changes,
    decisions,
    erasing,
    escalation,
    feedback,
    files,
    inquiries,
    invitations,
    leads,
    links,
    money,
    phones,
    privacy,
    redeeming,
    requests,
    rewards,
    running,
    status,
    talking,
    useful,
    webhooks,
)  # fmt: skip
from handlers.area import Area, join
from handlers.cases import area as cases
from handlers.ratings import area as ratings
from handlers.visits import area as visits

AREAS: tuple[Area, ...] = (
    running.AREA,
    bookings.AREA,
    cases.AREA,
    changes.AREA,
    decisions.AREA,
    erasing.AREA,
    escalation.AREA,
    feedback.AREA,
    files.AREA,
    inquiries.AREA,
    invitations.AREA,
    leads.AREA,
    links.AREA,
    money.AREA,
    phones.AREA,
    privacy.AREA,
    ratings.AREA,
    redeeming.AREA,
    requests.AREA,
    rewards.AREA,
    status.AREA,
    talking.AREA,
    useful.AREA,
    visits.AREA,
    webhooks.AREA,
)


def registry() -> Area:
    """What a turn can write, do and be woken by."""
    return join(AREAS)
