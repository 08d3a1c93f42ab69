"""Every area of the company, joined: the only list to extend when there is one more."""

from handlers import auditor, doubting, freeing, running
from handlers.answers import feedback, inquiries, status
from handlers.area import Area, join
from handlers.cases import area as cases
from handlers.escalation import escalation
from handlers.files import files
from handlers.leads import leads, money
from handlers.models import area as models
from handlers.people import erasing, formal, invitations, links, logins, parting, privacy
from handlers.ratings import area as ratings
from handlers.requests import assigning, bookings, changes, decisions, phones, requests, talking
from handlers.rewards import redeeming, rewards, useful
from handlers.visits import area as visits
from handlers.webhooks import webhooks

AREAS: tuple[Area, ...] = (
    running.AREA,
    assigning.AREA,
    auditor.AREA,
    bookings.AREA,
    cases.AREA,
    changes.AREA,
    decisions.AREA,
    doubting.AREA,
    erasing.AREA,
    escalation.AREA,
    feedback.AREA,
    files.AREA,
    formal.AREA,
    freeing.AREA,
    inquiries.AREA,
    invitations.AREA,
    leads.AREA,
    links.AREA,
    logins.AREA,
    models.AREA,
    money.AREA,
    parting.AREA,
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
