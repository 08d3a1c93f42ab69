"""What may follow from a step. Flows return these; `handlers` turns each into rows, in the turn's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.events import Attachment


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that answers a step. The label comes from the texts unless it is data (a name, a time)."""

    id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button that does something by itself, at any time: `name` is an entry of `handlers.actions`.

    `label` is a text key. The presser's role is checked when it is pressed.
    """

    name: str
    label: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page. `label` is a text key."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Say:
    """One message. `key` names the text, `args` fill it. `to` is a person; None means whoever we talk with.

    `proactive` messages were not asked for: quiet hours and frequency caps hold for them. `urgent` ones go before all.
    """

    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    buttons: tuple[Action | Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    to: int | None = None
    case: int | None = None
    proactive: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Wake up about something: after a while, or at a moment. The same `what` and `about` moves it."""

    what: str
    about: str
    after: timedelta | None = None
    at: datetime | None = None
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClearTimer:
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class Start:
    """Begin another flow in this chat once this one is done: `flow` is an entry of `handlers.starts`."""

    flow: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Do:
    """Perform an action of `handlers.actions` as the person at hand, the role checked as for a button."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaveRating:
    """Store or complete the rating of an order. Only named aspects change. `stars` 0 means not said here."""

    order: int
    stars: int = 0
    aspects: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    consent: bool | None = None


@dataclass(frozen=True, slots=True)
class OweCall:
    """Put the order on the phone call-back list 电话回访."""

    order: int
    reason: str


@dataclass(frozen=True, slots=True)
class SaveNeeds:
    """Special needs for one visit; lasting ones stay in the customer's profile. `kind` is the button they came from."""

    order: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A checkpoint from the visit. `point` is a `Checkpoint` or `late`, `problem`, `spot_check`.

    A checkpoint said twice only adds its note and files. `result` is a spot check's: `ok` or `fix`.
    """

    order: int
    point: str
    note: str = ""
    files: tuple[Attachment, ...] = ()
    minutes: int = 0
    result: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A complaint becomes a case, and its walk begins with the customer (when there is one to talk with)."""

    text: str
    origin: str
    order: int | None = None
    files: tuple[Attachment, ...] = ()
    least: str = ""


@dataclass(frozen=True, slots=True)
class RaiseCase:
    """As `OpenCase`, when a button said what is wrong: `key` names the words for it, `text` is what was added."""

    key: str
    origin: str
    order: int
    args: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveCall:
    """What was learned in a call-back. `ended` takes it off the list; otherwise it stays owed."""

    call: int
    answers: Mapping[str, str] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class AddToCase:
    """More was said or shown about an open case. `question` names the field that was asked for."""

    case: int
    text: str = ""
    files: tuple[Attachment, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmCase:
    """The customer confirmed what was understood, or let it stand; the intervention begins."""

    case: int
    by_customer: bool


@dataclass(frozen=True, slots=True)
class CustomerSaysSolved:
    """`silent`: nothing was said for so long that it counts as yes."""

    case: int
    solved: bool
    text: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class CountInquiry:
    topics: tuple[str, ...]
    answered: bool


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Something a person must decide: `kind` is booking, question, handoff, phone or data. Staff are pinged."""

    kind: str
    text: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """A reward by the coupon policy's `reason`, for `about`; nothing when it was granted before."""

    reason: str
    about: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """Something was said about an order: worth a reward when the useful-feedback rule says so."""

    order: int
    text: str


@dataclass(frozen=True, slots=True)
class EraseMe:
    """Delete or hide what we know of the person at hand."""


Effect = (
    Say | SetTimer | ClearTimer | Start | Do | SaveRating | OweCall | SaveNeeds | CheckIn | OpenCase | RaiseCase
    | SaveCall | AddToCase | ConfirmCase | CustomerSaysSolved | CountInquiry | OpenRequest | Grant | Feedback | EraseMe
)  # fmt: skip
