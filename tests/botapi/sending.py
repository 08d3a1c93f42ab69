"""The methods with which a bot says something: text, photo, voice, document, album, typing."""

import io
import time
from typing import Any

from PIL import Image

from tests.botapi.call import Call, Upload
from tests.botapi.checks import read_caption, read_keyboard, read_text
from tests.botapi.errors import bad, forbidden, moved
from tests.botapi.updates import Json
from tests.botapi.world import Chat, StoredFile, World

PHOTO_BYTES = 10 * 1024 * 1024
ALBUM = range(2, 11)
ACTIONS = frozenset(
    (
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    )
)  # fmt: skip


def target(world: World, call: Call) -> Chat:
    """The chat the call names; raises Telegram's reason why it cannot be written to."""
    name = call.text("chat_id").strip()
    if not name:
        raise bad("chat_id is empty")
    chat = world.chats.get(int(name)) if name.lstrip("-").isdigit() else None
    if chat is None:
        raise bad("chat not found")
    if chat.moved_to:
        raise moved(chat.moved_to)
    if chat.closed:
        raise forbidden(chat.closed)
    thread = call.number("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad("message thread not found")
    return chat


def _replied(chat: Chat, call: Call) -> Json:
    reply = call.json("reply_parameters", "can't parse reply parameters JSON object") or {}
    number = int(reply.get("message_id") or call.number("reply_to_message_id"))
    if not number:
        return {}
    if number in chat.messages:
        return {"reply_to_message": {**chat.messages[number]}}
    if reply.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return {}
    raise bad("message to be replied not found")


def _admit(world: World, call: Call) -> tuple[Chat, Json]:
    """The chat to speak in and what every message of this call carries; counts against the limits."""
    markup = read_keyboard(call)
    chat = target(world, call)
    carried = _replied(chat, call)
    world.limits.spend(chat.id, chat.private)
    if markup:
        carried["reply_markup"] = markup
    if thread := call.number("message_thread_id"):
        carried["message_thread_id"] = thread
    return chat, carried


def _speak(world: World, call: Call, content: Json) -> Json:
    chat, carried = _admit(world, call)
    return world.speak(chat, {**content, **carried})


def send_message(world: World, call: Call) -> Json:
    return _speak(world, call, {"text": read_text(call)})


def _captioned(call: Call, content: Json) -> Json:
    caption = read_caption(call)
    return {**content, "caption": caption} if caption else content


def send_photo(world: World, call: Call) -> Json:
    return _speak(world, call, _captioned(call, _photo(world, call, call.params.get("photo"))))


def send_voice(world: World, call: Call) -> Json:
    file = _file(world, call, call.params.get("voice"), "voice")
    return _speak(world, call, _captioned(call, {"voice": {**file.shown(), "duration": 1, "mime_type": file.mime}}))


def send_document(world: World, call: Call) -> Json:
    file = _file(world, call, call.params.get("document"), "document")
    shown = {**file.shown(), "file_name": file.name, "mime_type": file.mime}
    return _speak(world, call, _captioned(call, {"document": shown}))


def send_media_group(world: World, call: Call) -> list[Json]:
    items = call.json("media", "can't parse media JSON object")
    if not isinstance(items, list) or not items:
        raise bad("there are no messages to send")
    if len(items) not in ALBUM:
        raise bad(f"too {'many' if len(items) > 1 else 'few'} messages to send as an album")
    contents = [_album_part(world, call, item) for item in items]
    chat, carried = _admit(world, call)
    group = str(time.time_ns() // 1000)
    return [world.speak(chat, {**content, **carried, "media_group_id": group}) for content in contents]


def _album_part(world: World, call: Call, item: Any) -> Json:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise bad("can't parse InputMedia: type must be photo or document here")
    caption = read_caption(Call(call.method, {"caption": item.get("caption")}))
    if item["type"] == "photo":
        content = _photo(world, call, item.get("media"))
    else:
        file = _file(world, call, item.get("media"), "document")
        content = {"document": {**file.shown(), "file_name": file.name, "mime_type": file.mime}}
    return {**content, "caption": caption} if caption else content


def send_chat_action(world: World, call: Call) -> bool:
    target(world, call)
    if call.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def _photo(world: World, call: Call, source: Any) -> Json:
    file = _file(world, call, source, "photo")
    if len(file.data) > PHOTO_BYTES:
        raise bad(
            f"file of size {len(file.data)} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes"
        )
    return {"photo": photo_sizes(world, file)}


def photo_sizes(world: World, file: StoredFile) -> list[Json]:
    """The list of sizes that Telegram makes of a picture, the original last."""
    width, height = _dimensions(file.data)
    small = world.add_file("thumbnails", file.data[:64], "image/jpeg")
    scale = 90 / max(width, height)
    thumbnail = {**small.shown(), "width": max(1, int(width * scale)), "height": max(1, int(height * scale))}
    return [thumbnail, {**file.shown(), "width": width, "height": height}]


def _dimensions(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except Image.DecompressionBombError:
        raise bad("PHOTO_INVALID_DIMENSIONS") from None
    except (OSError, ValueError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _file(world: World, call: Call, source: Any, what: str) -> StoredFile:
    upload = _upload(call, source, what)
    if upload is not None:
        if not upload.data:
            raise bad("file must be non-empty")
        return world.add_file(f"{what}s", upload.data, upload.mime, upload.name)
    if not source:
        raise bad(f"there is no {what} in the request")
    if str(source) not in world.files:
        raise bad("wrong file identifier/HTTP URL specified")
    return world.files[str(source)]


def _upload(call: Call, source: Any, what: str) -> Upload | None:
    if isinstance(source, str) and source.startswith("attach://"):
        return call.files.get(source.removeprefix("attach://"))
    return call.files.get(what) if not source else None
