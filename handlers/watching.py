"""Who watches the company work. It is told how each piece went, for figures; the work goes on without anybody."""

from typing import Literal, Protocol

End = Literal["done", "refused", "failed", "parked"]


class Watcher(Protocol):
    """Called on the path that every message takes, from several threads: quick, and never raising.

    All times are in seconds. Names come from code and tables, never from what somebody wrote.
    """

    def turn(self, kind: str, seconds: float, end: End) -> None:
        """One event was tried; `kind` is the kind of event."""

    def fired(self, what: str, late: float) -> None:
        """A timer became an event."""

    def round(self, begin: float, work: float, commit: float) -> None:
        """A round that had something to do: waiting for the database, working in it, keeping it for good."""

    def round_failed(self, reason: str) -> None:
        """Nothing of a round stays; it is tried again."""

    def sent(self, channel: str, result: str, seconds: float) -> None:
        """One try to send a message."""

    def asked(self, work: str, result: str, seconds: float) -> None:
        """One call of a model elsewhere."""


class Nobody:
    """Looks away."""

    def turn(self, kind: str, seconds: float, end: End) -> None: ...

    def fired(self, what: str, late: float) -> None: ...

    def round(self, begin: float, work: float, commit: float) -> None: ...

    def round_failed(self, reason: str) -> None: ...

    def sent(self, channel: str, result: str, seconds: float) -> None: ...

    def asked(self, work: str, result: str, seconds: float) -> None: ...
