"""The whole copy of somebody's data, behind a link that works once: for a day, and only while they are known."""

from datetime import datetime, timedelta
from typing import Any

from domain.effects import Link as Opens
from domain.errors import HuixiangError
from handlers.dialog import Dialog
from handlers.people.collecting import collect
from handlers.turn import Turn
from storage import links
from storage.database import Tx
from storage.links import Link
from storage.people import Person

CODE_BYTES = 24
KIND = "export"
LASTS = timedelta(hours=24)
PAGE = "/data"


class LinkOver(HuixiangError):
    """这个链接用过了，或者过期了。"""

    code = "link_over"
    http_status = 410


def button(turn: Turn, dialog: Dialog) -> Opens | None:
    """A page of ours can always be opened from our own chat; from elsewhere only when it has an address."""
    site = turn.world.site
    if not site and dialog.address.channel != "web":
        return None
    code = turn.world.code(CODE_BYTES)
    turn.tx.add(
        Link, code=code, kind=KIND, args={"person": dialog.person.id}, created_at=turn.now, expires_at=turn.now + LASTS
    )
    return Opens("privacy.download_label", f"{site}{PAGE}?c={code}")


def waiting(tx: Tx, code: str, now: datetime) -> Person:
    """Whose copy waits behind this code; raises `LinkOver`. Looking does not use it up."""
    return _behind(tx, code, now)[1]


def hand_over(tx: Tx, code: str, now: datetime) -> dict[str, Any]:
    """The copy, once; raises `LinkOver`."""
    link, person = _behind(tx, code, now)
    if not links.use(tx, link.id or 0, person.id or 0, now):
        raise LinkOver
    return collect(tx, person)


def _behind(tx: Tx, code: str, now: datetime) -> tuple[Link, Person]:
    link = links.by_code(tx, code)
    if link is None or link.kind != KIND or link.used_at is not None or link.expires_at is None:
        raise LinkOver
    person = tx.find(Person, link.args["person"])
    if link.expires_at <= now or person is None or person.erased_at is not None:
        raise LinkOver
    return link, person
