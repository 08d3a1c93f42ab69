"""One conversation within a turn: who is there, and the flows they stand in."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from domain.events import Address
from flows.reducer import Standing
from handlers.world import World
from storage.conversations import Conversation
from storage.people import Person

_RAW: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


@dataclass(slots=True)
class Dialog:
    """`current` is the flow the person is in; `paused` the one beneath it. Saved at the end of the turn.

    In a chat that is not `alive` nothing can be said any more, until its person writes again. `asked_for` is the
    language that whoever opened it just now asked for: it holds for whoever a link makes of them.
    """

    id: int
    address: Address
    person: Person
    current: Standing | None = None
    paused: Standing | None = None
    alive: bool = True
    asked_for: str = ""

    def instance(self, instance: int) -> Standing | None:
        """The run that an old button belongs to, if it still lives here."""
        for standing in (self.current, self.paused):
            if standing is not None and standing.instance == instance:
                return standing
        return None


def load_dialog(world: World, conversation: Conversation, person: Person) -> Dialog:
    return Dialog(
        id=conversation.id or 0,
        address=Address(conversation.channel, conversation.chat),
        person=person,
        current=load_standing(world, conversation.current),
        paused=load_standing(world, conversation.paused),
        alive=conversation.alive,
    )


def dump_standing(standing: Standing | None) -> str:
    """JSON, empty for none."""
    if standing is None:
        return ""
    state = _adapter(type(standing.state)).dump_python(standing.state, mode="json")
    whole = {"flow": standing.flow, "step": standing.step, "instance": standing.instance, "state": state}
    return _RAW.dump_json(whole).decode()


def load_standing(world: World, text: str) -> Standing | None:
    """What `dump_standing` wrote. A flow or step that is gone means that the person stands nowhere."""
    if not text:
        return None
    raw = _RAW.validate_json(text)
    flow = world.flows.get(raw["flow"])
    if flow is None:
        return None
    state = _adapter(flow.state).validate_python(raw["state"])
    return Standing(flow.name, flow.step(raw["step"]).name, raw["instance"], state)


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    known = _ADAPTERS.get(kind)
    if known is None:
        known = _ADAPTERS[kind] = TypeAdapter(kind)
    return known
