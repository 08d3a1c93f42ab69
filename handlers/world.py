"""What every turn is given besides its event: the company's texts and policies, the reader, the registry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.company import Company
from domain.understanding import Reader
from flows.flow import AnyFlow
from handlers.area import Area
from handlers.texts import Texts
from handlers.watching import Nobody, Watcher


@dataclass(frozen=True)
class World:
    """`code` makes an unguessable string of so many bytes; `link` the address that opens a channel with a code.

    `site` is where our pages can be reached from outside; empty when nobody said so.

    `expect` is told what will be read in a moment, each text with its time, so that a reader elsewhere may begin.

    `webhooks` says whether the company has another system to be told of what happens; `reads_again` and `listens`,
    whether it has a model that reads complaints a second time, and one that writes voice notes down.
    """

    company: Company
    texts: Texts
    reader: Reader
    flows: Mapping[str, AnyFlow]
    registry: Area
    code: Callable[[int], str]
    link: Callable[[str, str], str]
    text_limits: Mapping[str, int] = field(default_factory=dict)
    webhooks: bool = False
    reads_again: bool = False
    listens: bool = False
    site: str = ""
    watcher: Watcher = field(default_factory=Nobody)
    expect: Callable[[Iterable[tuple[str, datetime]]], None] = lambda words: None

    def local(self, moment: datetime) -> datetime:
        """In the company's zone: "明天下午三点" is read from it."""
        return moment.astimezone(ZoneInfo(self.company.hours.timezone))
