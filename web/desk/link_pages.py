"""Codes to print: for each branch's counter and its cards, and for each visit; a phone that scans opens the chat."""

from io import BytesIO

import segno
from fastapi import APIRouter, Request, Response

from domain.errors import NotFound
from storage import links, orders, people
from web.desk.base import Desk
from web.desk.files import HEADERS

PRINTED = ("branch", "card")
SCALE = 8
"""Pixels for a module: sharp enough to print, and vectors scale anyway."""


def add_links(router: APIRouter, desk: Desk) -> None:
    @router.get("/links")
    def printed(request: Request) -> Response:
        who = desk.visitor(request)
        with desk.services.database.read() as tx:
            places = [(one.id or 0, one.name) for one in people.branches(tx)] or [(0, desk.services.company)]
            known = {(link.kind, link.args.get("branch") or 0): link.code for link in links.printed(tx)}
        addresses = desk.services.addresses
        return desk.page(request, who, "links", places=places, kinds=PRINTED, codes=known, addresses=addresses)

    @router.get("/qr/{code}.svg")
    def drawn(request: Request, code: str, by: str = "web") -> Response:
        """The address as a picture; only of a code that leads somewhere."""
        desk.visitor(request)
        address = desk.services.addresses(code).get(by)
        if address is None or desk.read(lambda tx: orders.by_code(tx, code) or links.by_code(tx, code)) is None:
            raise NotFound
        picture = BytesIO()
        segno.make(address, error="m").save(picture, kind="svg", scale=SCALE, light="white")
        return Response(picture.getvalue(), media_type="image/svg+xml", headers=HEADERS)
