"""How a submitted event ended, as whoever submitted it hears it: its answer, or its refusal as an error again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.errors import HuixiangError
from handlers.round import Ended


@dataclass(frozen=True, slots=True)
class Handled:
    """How a submitted event ended. `duplicate`: it was here before, and this is how it ended then."""

    event_id: int
    duplicate: bool
    result: dict[str, Any] | None
    error: HuixiangError | None = None


def handled(event_id: int, ended: Ended, *, duplicate: bool) -> Handled:
    """How an event ended, with its refusal as an error again."""
    refusal = (ended.result or {}).get("refused")
    error = revive(refusal) if refusal else None
    return Handled(event_id, duplicate, None if error else ended.result, error)


def revive(refusal: dict[str, Any]) -> HuixiangError:
    """The error that `Round` stored."""
    kinds: Iterable[type[HuixiangError]] = HuixiangError.__subclasses__()
    kind = next((kind for kind in kinds if kind.code == refusal["code"]), HuixiangError)
    return kind(refusal["message"], **refusal.get("details", {}))
