"""Photos and voice of a case, for those at the desk only."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from domain.errors import NotFound
from storage.files import find
from web.chat_files import path_of
from web.desk.base import Desk

SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/webm", "audio/ogg", "audio/mp4", "video/mp4")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_files(router: APIRouter, desk: Desk) -> None:
    @router.get("/files/{file_id}")
    def show(request: Request, file_id: int) -> Response:
        """Shown when browsers can show it safely; anything else is a download."""
        desk.visitor(request)
        file = desk.read(lambda tx: find(tx, file_id))
        if file is None or file.state != "ready":
            raise NotFound
        path = path_of(desk.services.files_dir, file.name)
        if not path.is_file():
            raise NotFound
        if file.mime in SHOWN:
            return FileResponse(path, media_type=file.mime, headers=HEADERS)
        return FileResponse(path, media_type="application/octet-stream", filename=f"{file_id}.bin", headers=HEADERS)
