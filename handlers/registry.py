"""Every area of the company, joined: the only list to extend when there is one more."""

from handlers import (
    escalation, feedback, files, inquiries, leads, links, money, privacy, requests, rewards, running, status, webhooks,
)  # fmt: skip
from handlers.area import Area, join
from handlers.cases import area as cases
from handlers.ratings import area as ratings
from handlers.visits import area as visits

AREAS: tuple[Area, ...] = (
    running.AREA,
    cases.AREA,
    escalation.AREA,
    feedback.AREA,
    files.AREA,
    inquiries.AREA,
    leads.AREA,
    links.AREA,
    money.AREA,
    privacy.AREA,
    ratings.AREA,
    requests.AREA,
    rewards.AREA,
    status.AREA,
    visits.AREA,
    webhooks.AREA,
)


def registry() -> Area:
    """What a turn can write, do and be woken by."""
    return join(AREAS)
