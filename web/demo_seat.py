"""In the demo a supervisor has a chat before anybody opens it: whoever complains first is heard by somebody."""

from datetime import datetime

from storage import links
from storage.conversations import Conversation
from storage.database import Tx
from storage.links import Link
from web.chat_identity import address_of, new_token

SEAT = "seat"


def reserve(tx: Tx, person_id: int, now: datetime) -> dict[str, str]:
    """Make the chat; what comes back goes into the link that leads to it."""
    token = new_token()
    at = address_of(token)
    tx.add(Conversation, channel=at.channel, chat=at.chat, person_id=person_id, last_in_at=now, created_at=now)
    return {SEAT: token}


def take(tx: Tx, code: str, now: datetime) -> str:
    """The token of that chat, for the first who comes by this link; "" for all after them, and for other links."""
    link = links.by_code(tx, code)
    if link is None or link.kind != "demo" or SEAT not in link.args:
        return ""
    person, token = int(link.args["person"]), str(link.args[SEAT])
    if not links.use(tx, link.id or 0, person, now):
        return ""
    tx.change(Link, link.id or 0, args={"person": person})
    return token
