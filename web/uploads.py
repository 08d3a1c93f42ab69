"""Photos and voice notes: in through the page with its token, out through signed addresses."""

import asyncio
import shutil
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from domain.errors import NotFound
from domain.events import Address
from storage.database import Tx
from storage.files import StoredFile, find
from web.chat_files import is_signed, path_of, signed_path, store
from web.chat_identity import address_of, is_token
from web.chat_media import MAX_BYTES, FileRefused, Media, read_media
from web.chat_pace import Pace
from web.chat_texts import Texts, load_texts
from web.services import Services

FREE_BYTES = 200 * 1024 * 1024
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-site",
}


def uploads_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["chat"])
    desk = _Counter(services, load_texts())

    @router.post("/chat/files", status_code=201)
    async def upload(request: Request) -> Response:
        """Take one photo or voice note as the raw body; answers its number for `files` of a `send` frame."""
        return await desk.take(request)

    @router.get("/chat/files/{file_id}")
    def show(file_id: int, k: str = "") -> FileResponse:
        """A file of a conversation, for those who were given its address."""
        if not is_signed(services.secret, str(file_id), k):
            raise NotFound
        with services.database.read() as tx:
            file = find(tx, file_id)
        if file is None or file.state != "ready":
            raise NotFound
        return FileResponse(path_of(services.files_dir, file.name), media_type=file.mime, headers=_HEADERS)

    return router


class _Counter:
    """Where files are handed in. Two at a time are unpacked: a photo costs far more memory than it weighs."""

    def __init__(self, services: Services, texts: Texts) -> None:
        self._services = services
        self._texts = texts
        self._pace = Pace(services.clock, burst=30, rate=0.5)
        self._unpacking = asyncio.Semaphore(2)

    async def take(self, request: Request) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        locale = request.headers.get("X-Locale", "")
        if not is_token(token):
            return self._refusal("file_stranger", locale, 401)
        address = address_of(token)
        if self._pace.wait(address.chat):
            return self._refusal("too_fast", locale, 429)
        try:
            return await self._keep(address, request)
        except FileRefused as refusal:
            return self._refusal(refusal.reason, locale, refusal.http_status)

    async def _keep(self, address: Address, request: Request) -> Response:
        await asyncio.to_thread(_need_room, self._services.files_dir)
        content = await _body(request)
        async with self._unpacking:
            media = await asyncio.to_thread(read_media, content)
        name = await asyncio.to_thread(_stored, self._services.files_dir, media.content)
        file_id = await self._services.engine.call(lambda tx: self._add(tx, address, media, name))
        url = signed_path(self._services.secret, str(file_id))
        return JSONResponse({"id": file_id, "kind": media.kind, "mime": media.mime, "url": url}, status_code=201)

    def _add(self, tx: Tx, address: Address, media: Media, name: str) -> int:
        return tx.add(
            StoredFile,
            name=name,
            kind=media.kind,
            mime=media.mime,
            size=len(media.content),
            owner=str(address),
            created_at=self._services.clock.now(),
        )

    def _refusal(self, key: str, locale: str, status: int) -> JSONResponse:
        return JSONResponse({"error": key, "message": self._texts.say(locale, key)}, status_code=status)


async def _body(request: Request) -> bytes:
    """The whole body, given up as soon as it is too long, whatever length was announced."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            raise FileRefused("file_large")
    return bytes(content)


def _need_room(folder: Path) -> None:
    """Stop taking files while there is still room for messages: the database is on the same disk."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise FileRefused("file_no_room") from error
    if free < FREE_BYTES:
        raise FileRefused("file_no_room")


def _stored(folder: Path, content: bytes) -> str:
    """A quota may end before the disk does."""
    try:
        return store(folder, content)
    except OSError as error:
        raise FileRefused("file_no_room") from error
