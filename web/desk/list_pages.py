"""The other lists of the desk: visits, ratings, calls, requests, inquiries, coupons, webhooks."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from domain.labels import Checkpoint
from handlers.answers import catalogue
from insight import demand, visits, voices
from storage import webhooks
from web.desk.base import Desk

RATINGS, COUPONS, DELIVERIES = 60, 100, 100
AVERAGE_DAYS = 90
WEEK = timedelta(days=7)


def add_lists(router: APIRouter, desk: Desk) -> None:
    zone = ZoneInfo(desk.services.timezone)

    @router.get("/visits")
    def visits_of_day(request: Request, day: str = "") -> Response:
        who = desk.visitor(request)
        today = desk.now.astimezone(zone).date()
        shown = _date(day, today)
        late = timedelta(minutes=desk.office.company.visits.late_minutes)
        since = datetime.combine(shown, time(), zone)
        found = desk.read(lambda tx: visits.of_day(tx, since, desk.now, who.person.branch_id, late))
        return desk.page(
            request,
            who,
            "visits",
            visits=found,
            day=since,
            shown=shown,
            today=today,
            before=shown - timedelta(days=1),
            after=shown + timedelta(days=1),
            points=list(Checkpoint),
            addresses=desk.services.addresses,
        )

    @router.get("/ratings")
    def ratings(request: Request) -> Response:
        who, since = desk.visitor(request), desk.now - timedelta(days=AVERAGE_DAYS)
        with desk.services.database.read() as tx:
            latest, averages = voices.latest(tx, RATINGS), voices.by_cleaner(tx, since)
        return desk.page(request, who, "ratings", voices=latest, averages=averages, days=AVERAGE_DAYS)

    @router.get("/calls")
    def calls(request: Request) -> Response:
        who = desk.visitor(request)
        owed = desk.read(lambda tx: voices.owed_calls(tx, who.person.branch_id))
        return desk.page(request, who, "calls", calls=owed)

    @router.get("/requests")
    def requests(request: Request) -> Response:
        who = desk.visitor(request)
        soonest = desk.now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        content, locale = desk.office.company.catalogue, who.person.locale
        return desk.page(
            request,
            who,
            "requests",
            waiting=desk.read(demand.waiting),
            soonest=soonest,
            wanted=lambda args: _wanted(content, args, locale),
        )

    @router.get("/inquiries")
    def inquiries(request: Request) -> Response:
        who, now = desk.visitor(request), desk.now
        today = datetime.combine(now.astimezone(zone).date(), time(), zone)
        monday = today - timedelta(days=today.weekday())
        counted = desk.read(lambda tx: demand.topics(tx, monday - WEEK, monday, now + timedelta(seconds=1)))
        most = max((one.asked for one in counted), default=0)
        return desk.page(request, who, "inquiries", topics=counted, most=most, monday=monday)

    @router.get("/coupons")
    def coupons(request: Request) -> Response:
        who = desk.visitor(request)
        newest = desk.read(lambda tx: demand.newest_coupons(tx, COUPONS))
        return desk.page(request, who, "coupons", coupons=newest)

    @router.get("/webhooks")
    def deliveries(request: Request) -> Response:
        who = desk.visitor(request)
        latest = desk.read(lambda tx: webhooks.latest(tx, DELIVERIES))
        return desk.page(request, who, "webhooks", deliveries=latest)


def _wanted(content: Mapping[str, Any], args: Mapping[str, Any], locale: str) -> str:
    """The service that somebody asks for in the reader's language; what is none of ours in their own words."""
    known = catalogue.service(content, str(args.get("service", "")))
    return catalogue.word(known, "name", locale) if known is not None else str(args.get("service_name", ""))


def _date(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
