"""Webhooks out: every case change and every task of an intervention is told to the company's other systems."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from domain.errors import NotFound
from domain.roles import BOSSES, Role, require
from handlers.area import Area
from handlers.turn import Turn
from storage import people, webhooks
from storage.people import Person
from storage.webhooks import Delivery

ID_BYTES = 16
GAVE_UP = "webhook_gave_up"


def emit(turn: Turn, kind: str, data: Mapping[str, Any]) -> None:
    """Queue one message, in the shape of Standard Webhooks. `data` holds numbers and labels, nothing personal."""
    if not turn.world.webhooks:
        return
    body = {"type": kind, "timestamp": turn.now.astimezone(UTC).isoformat(), "data": dict(data)}
    turn.tx.add(
        Delivery,
        message_id=f"msg_{turn.world.code(ID_BYTES)}",
        kind=kind,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        next_at=turn.now,
        created_at=turn.now,
    )


def replay(turn: Turn, actor: Person, args: Mapping[str, Any]) -> dict[str, Any]:
    """Send a message again from its first try, under its old id."""
    require(Role(actor.role), "replay_webhook")
    if not webhooks.replay(turn.tx, args["delivery"], turn.now):
        raise NotFound(delivery=args["delivery"])
    turn.say("staff.webhook_replayed", args.get("dialog"))
    return {"delivery": args["delivery"]}


def gave_up(turn: Turn, actor: Person, args: Mapping[str, Any]) -> None:
    """The last try failed: the message is dead until a person sends it again, and those in charge are told."""
    require(Role(actor.role), "replay_webhook")
    delivery = turn.tx.get(Delivery, args["delivery"])
    if delivery.state == "sent":
        return
    turn.tx.change(
        Delivery, args["delivery"], state="dead", last_error=args["error"], last_status=args["status"],
        attempts=args["attempts"],
    )  # fmt: skip
    for role in BOSSES:
        for person in people.on_duty(turn.tx, role, None):
            turn.tell(person.id, "staff.webhook_dead", kind=delivery.kind, reason=args["error"], tries=args["attempts"])


AREA = Area(actions={"replay_webhook": replay, GAVE_UP: gave_up})
