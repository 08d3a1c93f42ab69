"""How a fetched file is checked and stored, as one that came through the web page; and how an erased one goes."""

from collections.abc import Callable
from pathlib import Path

from handlers.files.files import Kept
from storage.files import StoredFile
from web.chat_files import path_of, store
from web.chat_media import read_media, voice_mime

VIDEO = {"audio/mp4": "video/mp4", "audio/webm": "video/webm"}


def keeper(folder: Path) -> Callable[[StoredFile, bytes], Kept]:
    """Stores under `folder`; raises `FileRefused` for what is neither photo, voice nor video."""

    def keep(row: StoredFile, content: bytes) -> Kept:
        video = VIDEO.get(voice_mime(content), "") if row.kind == "video" else ""
        if video:
            return Kept(store(folder, content), "video", video, len(content))
        media = read_media(content)
        return Kept(store(folder, media.content), media.kind, media.mime, len(media.content))

    return keep


def dropper(folder: Path) -> Callable[[str], None]:
    """Removes content by its name from `folder`."""

    def drop(name: str) -> None:
        path_of(folder, name).unlink(missing_ok=True)

    return drop
