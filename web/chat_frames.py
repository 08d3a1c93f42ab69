"""The frames between the page and the server, as JSON. What a page may send is checked here, once."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from domain.channel import Button
from handlers.history import Line
from web.chat_files import signed_path

MAX_FRAME = 64 * 1024
MAX_TEXT = 4096
"""Characters as people count them: an emoji is one, whatever it takes to store."""
MAX_FILES = 10

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Count = Annotated[int, Field(ge=0, le=2**53)]


@dataclass(frozen=True, slots=True)
class Hello:
    """`chosen` says that the language was asked for, and is not only a guess from the browser's."""

    t: Literal["hello"]
    token: Annotated[str, StringConstraints(max_length=128)] | None = None
    after_in: Count = 0
    after_out: Count = 0
    code: Annotated[str, StringConstraints(max_length=256)] | None = None
    locale: Annotated[str, StringConstraints(max_length=16)] = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    t: Literal["send"]
    id: MessageId
    text: str = ""
    files: Annotated[tuple[Count, ...], Field(max_length=MAX_FILES)] = ()
    reply_to: Annotated[str, StringConstraints(pattern=r"^out-\d{1,18}$")] | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    t: Literal["tap"]
    id: MessageId
    button: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    label: Annotated[str, StringConstraints(max_length=128)] = ""


@dataclass(frozen=True, slots=True)
class More:
    t: Literal["more"]
    before: Count


@dataclass(frozen=True, slots=True)
class Ping:
    t: Literal["ping"]


Frame = Hello | Send | Tap | More | Ping
_FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="t")])
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Malformed(ValueError):
    """Not a frame. `id` is that of the message it was about, where one could be read."""

    def __init__(self, message_id: str | None = None) -> None:
        super().__init__("not a frame of this chat")
        self.id = message_id


def parse(raw: str) -> Frame:
    """One frame from the page; raises `Malformed`."""
    if len(raw) > MAX_FRAME:
        raise Malformed
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    try:
        return _FRAME.validate_python(_cleaned(data))
    except ValidationError as error:
        raise Malformed(_id_in(data)) from error


def clean(text: str) -> str:
    """Without what no reader can see and a database may choke on: NUL, control characters, half surrogate pairs."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _cleaned(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {clean(key): clean(value) if isinstance(value, str) else value for key, value in data.items()}


def _id_in(data: Any) -> str | None:
    found = data.get("id") if isinstance(data, dict) else None
    return clean(found)[:64] if isinstance(found, str) else None


def line_frame(line: Line, secret: bytes) -> dict[str, Any]:
    """A line of the conversation as the page gets it."""
    return {
        "key": line.key,
        "id": line.client_id,
        "mine": line.mine,
        "reply_to": line.reply_to,
        "text": line.text,
        "buttons": [[_button(button) for button in row] for row in line.buttons],
        "files": [
            {"kind": file.kind, "url": signed_path(secret, file.file), "mime": file.mime, "size": file.size}
            for file in line.attachments
        ],
        "at": line.at.isoformat(),
        "sort": list(line.sort),
        "clears": line.clears,
    }


def _button(button: Button) -> dict[str, str]:
    return {"label": button.label, "button": button.data, "url": button.url}
