"""How much each part does: what `python -m bench` takes as options."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Sizes:
    """The defaults take a quarter of an hour on two slow cores; `settings` go to every process of ours."""

    rounds: int = field(default=3, metadata={"help": "measurements of each, in turn"})
    messages: int = field(default=2000, metadata={"help": "messages of a measurement (turns, postgres)"})
    timers: int = field(default=1000, metadata={"help": "timers that are due at one moment (timers)"})
    pending: int = field(default=1_000_000, metadata={"help": "timers that are due later (outage)"})
    overdue: int = field(default=10_000, metadata={"help": "timers that fell due meanwhile (outage)"})
    stored: int = field(default=1_000_000, metadata={"help": "messages that are stored (stored); --full: 10 million"})
    turns: int = field(default=400, metadata={"help": "turns on what is stored, each time (stored)"})
    minutes: float = field(default=3.0, metadata={"help": "how long people write (memory); 60 for the hour"})
    rate: float = field(default=20.0, metadata={"help": "messages a second meanwhile (memory)"})
    settings: dict[str, str] = field(default_factory=dict, metadata={"help": "NAME=VALUE for our processes"})

    @property
    def fewer(self) -> int:
        """Rounds of parts whose rounds take long."""
        return max(1, self.rounds - 1)


FULL = {"stored": 10_000_000}
OPTIONS: dict[str, tuple[type, str]] = {
    one.name: (type(one.default), one.metadata["help"]) for one in fields(Sizes) if one.name != "settings"
}


def sizes(given: dict[str, Any], *, full: bool = False) -> Sizes:
    """Those that were given, over the defaults."""
    chosen = {name: value for name, value in given.items() if value is not None}
    return Sizes(**({**FULL, **chosen} if full else chosen))
