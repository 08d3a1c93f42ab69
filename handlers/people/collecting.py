"""What we keep about a customer, gathered from every table: to be read by them, or as JSON."""

from collections.abc import Iterator
from typing import Any

from domain.events import load_event
from handlers.rewards import codes as coupon_codes
from storage import cases, conversations, coupons, orders, ratings, requests
from storage.database import Tx
from storage.inbox import of_lane
from storage.people import Person, number_of


def collect(tx: Tx, person: Person) -> dict[str, Any]:
    """JSON-ready, times as ISO 8601 in UTC, money in fen."""
    person_id = person.id or 0
    mine = cases.of_customer(tx, person_id)
    return {
        "person": _plain(person, "name", "phone", "locale", "stage", "profile", "muted", "created_at"),
        "chats": [f"{chat.channel}:{chat.chat}" for chat in conversations.all_of_person(tx, person_id)],
        "orders": [_plain(one, "number", "service", "starts_at", "ends_at", "address", "price_fen", "status", "needs")
                   for one in orders.of_customer(tx, person_id)],
        "ratings": [_plain(one, "order_id", "stars", "attitude", "result", "punctual", "value", "comment", "created_at")
                    for one in ratings.of_customer(tx, person_id)],
        "cases": [_plain(one, "number", "type", "status", "text", "matrix", "opened_at", "closed_at") for one in mine],
        "case_entries": [_plain(entry, "at", "kind", "text") for one in mine
                         for entry in cases.entries(tx, one.id or 0) if entry.audience == "all"],
        "coupons": [_plain(one, "code", "reason", "amount_fen", "granted_at", "expires_at", "redeemed_at")
                    for one in coupons.of_customer(tx, person_id)],
        "requests": [_plain(one, "kind", "text", "state", "created_at") for one in requests.of_customer(tx, person_id)],
        "inquiries": [_plain(one, "topic", "at") for one in requests.inquiries_of(tx, person_id)],
        "messages": list(_messages(tx, person_id)),
    }  # fmt: skip


def counts(tx: Tx, person: Person) -> dict[str, int]:
    """How much there is of each, for a short answer."""
    person_id = person.id or 0
    return {
        "orders": len(orders.of_customer(tx, person_id)),
        "cases": len(cases.of_customer(tx, person_id)),
        "ratings": len(ratings.of_customer(tx, person_id)),
        "coupons": len(coupons.of_customer(tx, person_id)),
    }


def lines(tx: Tx, person: Person) -> Iterator[tuple[str, dict[str, Any]]]:
    """Text keys with what fills them, one line each; the words of the chat itself are in the chat."""
    person_id = person.id or 0
    needs = "；".join(person.profile.get("needs", ())) or "—"
    yield "privacy.line_person", {"called": person.name or "—", "phone": number_of(person) or "—", "needs": needs}
    for order in orders.of_customer(tx, person_id):
        told = ("number", "service", "starts_at", "address")
        yield "privacy.line_order", {name: getattr(order, name) or "—" for name in told}
    for rating in ratings.of_customer(tx, person_id):
        yield "privacy.line_rating", {"stars": rating.stars, "comment": rating.comment or "—", "at": rating.created_at}
    for case in cases.of_customer(tx, person_id):
        yield "privacy.line_case", {"number": case.number, "text": case.text or "—", "at": case.opened_at}
    for coupon in coupons.of_customer(tx, person_id):
        about = {"code": coupon_codes.shown(coupon.code), "amount_fen": coupon.amount_fen}
        if coupon.redeemed_at is not None:
            yield "privacy.line_coupon_used", {**about, "at": coupon.redeemed_at}
        elif coupon.expired:
            yield "privacy.line_coupon_over", {**about, "at": coupon.expires_at}
        else:
            yield "privacy.line_coupon", {**about, "expires_at": coupon.expires_at}
    for request in requests.of_customer(tx, person_id):
        yield "privacy.line_request", {"text": request.text or "—", "at": request.created_at}


def _messages(tx: Tx, person_id: int) -> Iterator[dict[str, str]]:
    for chat in conversations.all_of_person(tx, person_id):
        for row in of_lane(tx, f"{chat.channel}:{chat.chat}"):
            text = getattr(load_event(row.body), "text", "")
            if text:
                yield {"at": row.received_at.isoformat(), "text": text}


def _plain(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
