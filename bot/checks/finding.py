"""A finding: what one check saw, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do; empty when all is well."""

    ok: bool
    what: str
    advice: str = ""


Check = Callable[[Settings], Iterator[Finding]]
