"""What the web layer is given. Routers take this and nothing else, so that tests can hand them their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from domain.clock import Clock
from domain.events import Incoming
from storage.database import Database, Tx
from web.hub import WebChannel

T = TypeVar("T")


class Stored(Protocol):
    """A stored event."""

    @property
    def id(self) -> int: ...


class Round(Protocol):
    """The part of `handlers.round.Round` that the web uses."""

    def store(self, incoming: Incoming) -> Stored: ...


class Engine(Protocol):
    """The part of `handlers.engine.Engine` that the web uses; each call returns after the commit."""

    async def call(self, work: Callable[[Tx], T]) -> T: ...
    async def call_round(self, work: Callable[[Round], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Services:
    """`secret` signs file addresses; `frame_ancestors` says which sites may show the chat in a frame.

    `elsewhere` are the addresses, by channel, at which a code opens a chat other than ours on the web.
    """

    engine: Engine
    database: Database
    clock: Clock
    hub: WebChannel
    files_dir: Path
    secret: bytes
    company: str
    public_url: str = ""
    timezone: str = "Asia/Shanghai"
    frame_ancestors: str = "'self'"
    demo: bool = False
    elsewhere: Callable[[str], Mapping[str, str]] = lambda code: {}

    def addresses(self, code: str) -> dict[str, str]:
        """Where a code leads, by channel; the web first."""
        return {self.hub.name: self.hub.link(code), **self.elsewhere(code)}
