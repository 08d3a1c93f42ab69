"""Everything that happens to us. An edge builds one of these; the engine stores it once and handles it once."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from pydantic_core import PydanticSerializationError


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody can be reached: a chat on a channel."""

    channel: str
    chat: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. `file` names it: our own file id, or the channel's until it is fetched.

    `seconds` is how long a voice note is, 0 when the channel does not say; `words` what was said in it.
    """

    kind: Literal["photo", "voice", "video", "document", "sticker", "location", "other"]
    file: str = ""
    size: int = 0
    mime: str = ""
    remote: bool = False
    seconds: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """What the channel says of the person: shown, never trusted. `id` tells people in one group chat apart.

    `chosen` says that they asked for this `locale`; otherwise it is a guess, from the browser's for instance.
    """

    name: str = ""
    locale: str = ""
    id: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MessageCame:
    """Somebody wrote, spoke or sent pictures. `ref` is the channel's id of it, `reply_to` of the one answered.

    `said_at` is when, if the channel says: it may have kept the message while we were away.
    """

    address: Address
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    sender: Sender = Sender()
    ref: str = ""
    reply_to: str = ""
    edited: bool = False
    said_at: datetime | None = None
    kind: Literal["message"] = "message"


@dataclass(frozen=True, slots=True)
class ButtonTapped:
    """A button under one of our messages was pressed. `button` is what we put there: `token.index`.

    `label` is what the presser saw, for the history of the chat; nothing is decided by it.
    """

    address: Address
    button: str
    label: str = ""
    sender: Sender = Sender()
    kind: Literal["tap"] = "tap"


@dataclass(frozen=True, slots=True)
class ChatStarted:
    """A link, QR code or /start opened the chat. `code` says which link, empty when none."""

    address: Address
    code: str = ""
    sender: Sender = Sender()
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class ChatClosed:
    """The person blocked us or left: nothing more can be delivered there."""

    address: Address
    kind: Literal["closed"] = "closed"


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer row fell due. `late` is in seconds."""

    what: str
    about: str
    due_at: datetime
    late: float = 0.0
    args: dict[str, Any] = field(default_factory=dict)
    kind: Literal["timer"] = "timer"


@dataclass(frozen=True, slots=True)
class OrderPosted:
    """The company's own system (API, CSV) says how an order stands now. `order` has the shape of `api.OrderIn`."""

    order: dict[str, Any]
    origin: str = "api"
    kind: Literal["order"] = "order"


@dataclass(frozen=True, slots=True)
class StaffActed:
    """Somebody acted on the desk, the command line or through the API. The role of `person` is checked in the turn."""

    action: str
    person: int | None
    args: dict[str, Any] = field(default_factory=dict)
    kind: Literal["staff"] = "staff"


@dataclass(frozen=True, slots=True)
class JobEnded:
    """Slow work came back: a file was fetched, a webhook given up, a complaint read a second time."""

    job: str
    args: dict[str, Any] = field(default_factory=dict)
    kind: Literal["job"] = "job"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something arrived that we could not parse. It is kept for a look, and nothing follows."""

    raw: str
    reason: str
    kind: Literal["unreadable"] = "unreadable"


Event = (
    MessageCame | ButtonTapped | ChatStarted | ChatClosed | TimerFired | OrderPosted | StaffActed | JobEnded
    | Unreadable
)  # fmt: skip
ChatEvent = MessageCame | ButtonTapped | ChatStarted

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def dump_event(event: Event) -> str:
    """One event as JSON. Half a surrogate pair, which no encoding can hold, becomes a question mark."""
    try:
        return _EVENT.dump_json(event).decode()
    except PydanticSerializationError:
        text = json.dumps(_EVENT.dump_python(event, mode="json"), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode()


def load_event(text: str) -> Event:
    """The event that `dump_event` wrote; raises `ValueError` on anything else."""
    return _EVENT.validate_json(text)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event on its way into the inbox.

    `source` and `key` together are unique for all time: the same pair twice is the same event. `lane` is the
    conversation or thing within which order is kept. `group` joins the parts of an album.
    """

    source: str
    key: str
    lane: str
    event: Event
    group: str = ""
