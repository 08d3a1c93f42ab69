"""A turn: one event handled in one transaction. Everything that follows from it is written through here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from domain.effects import Effect, Say, SetTimer
from domain.errors import NotFound
from domain.events import Address
from domain.understanding import Understanding
from handlers import speaking
from handlers.dialog import Dialog, dump_standing, load_dialog
from handlers.world import World
from storage import conversations, people, timers
from storage.conversations import Conversation
from storage.database import Tx
from storage.people import Person


class Turn:
    """`now` is the same moment throughout, in the company's zone; `said_at` is when the words of its message were said.

    `channels` collects where new messages wait to be delivered.
    """

    def __init__(self, world: World, tx: Tx, event_id: int, now: datetime, said_at: datetime | None = None) -> None:
        self.world = world
        self.tx = tx
        self.event_id = event_id
        self.now = world.local(now)
        self.said_at = self.now if said_at is None else world.local(said_at)
        self.channels: set[str] = set()
        self.spoken = 0
        self.heard: set[Address] = set()
        self.begun = 0
        self._readings: dict[tuple[str, str], Understanding] = {}
        self._dialogs: dict[int, Dialog] = {}
        self._last_in: dict[int, datetime] = {}
        self._heard: set[int] = set()
        self._loaded: dict[int, tuple[str, str]] = {}

    def perform(self, effects: Iterable[Effect], dialog: Dialog | None) -> None:
        """Write effects as rows, in order."""
        for effect in effects:
            if isinstance(effect, Say):
                speaking.say(self, effect, dialog)
            else:
                self.world.registry.effects[type(effect)](self, dialog, effect)

    def say(self, key: str, dialog: Dialog | None = None, /, **args: Any) -> None:
        """The plainest thing to say, to whoever this dialog is with."""
        speaking.say(self, Say(key, args), dialog)

    def tell(self, person_id: int | None, key: str, /, *, proactive: bool = False, **args: Any) -> None:
        """Say something to a person wherever they can be reached; nothing when nobody is named."""
        if person_id is not None:
            speaking.say(self, Say(key, args, to=person_id, proactive=proactive), None)

    def act(self, name: str, actor: Person, args: Mapping[str, Any]) -> dict[str, Any] | None:
        """Perform an action as a person; it checks the role. Raises a `HuixiangError` when refused."""
        action = self.world.registry.actions.get(name)
        if action is None:
            raise NotFound(action=name)
        return action(self, actor, args)

    def set_timer(self, timer: SetTimer, dialog: Dialog | None = None) -> None:
        """`about` "conversation" means the flow that runs in the one at hand: each run has its own."""
        about = timer.about
        if about == "conversation":
            if dialog is None:
                return
            about = f"conversation:{dialog.id}:{timer.args.get('instance', 0)}"
        due_at = timer.at if timer.at is not None else self.now + timer.after if timer.after else self.now
        timers.set_timer(self.tx, timer.what, about, due_at, dict(timer.args))

    def clear_timer(self, what: str, about: str) -> None:
        timers.clear_timer(self.tx, what, about, self.now)

    def read(self, text: str, sender: Literal["customer", "cleaner"] = "customer") -> Understanding:
        """What a message means, "昨天" counted from when it was said. The same words are read once a turn."""
        known = self._readings.get((text, sender))
        if known is None:
            known = self._readings[text, sender] = self.world.reader.understand(text, self.said_at, sender)
        return known

    def person(self, person_id: int) -> Person:
        return people.get(self.tx, person_id)

    def dialog_at(self, address: Address) -> Dialog | None:
        """The dialog of a chat we know."""
        conversation = conversations.at(self.tx, address)
        return None if conversation is None else self._open(conversation)

    def dialog_of(self, person_id: int | None) -> Dialog | None:
        """The dialog a person used last, None when they cannot be reached."""
        found = conversations.of_person(self.tx, person_id) if person_id is not None else []
        return self._open(found[0]) if found else None

    def dialog(self, conversation_id: int) -> Dialog | None:
        """The dialog of this id, None when it is gone."""
        found = self.tx.find(Conversation, conversation_id)
        return None if found is None else self._open(found)

    def heard_from(self, dialog: Dialog) -> None:
        """The person was here just now."""
        self._last_in[dialog.id] = self.now
        self._heard.add(dialog.id)
        dialog.alive = True

    def is_here(self, dialog: Dialog | None) -> bool:
        """Whether this person did something just now: what they hear then is an answer."""
        return dialog is not None and dialog.id in self._heard

    def forget(self, dialog: Dialog) -> None:
        """The dialog's person changed; load it afresh when it is needed again."""
        self.save()
        self._dialogs.pop(dialog.id, None)

    def save(self) -> None:
        """Write back the dialogs that changed."""
        for dialog in self._dialogs.values():
            standing = (dump_standing(dialog.current), dump_standing(dialog.paused))
            if dialog.id in self._heard or standing != self._loaded[dialog.id]:
                self._save(dialog, *standing)

    def _open(self, conversation: Conversation) -> Dialog:
        conversation_id = conversation.id or 0
        known = self._dialogs.get(conversation_id)
        if known is None:
            known = load_dialog(self.world, conversation, people.get(self.tx, conversation.person_id))
            self._dialogs[conversation_id] = known
            self._loaded[conversation_id] = (conversation.current, conversation.paused)
            self._last_in[conversation_id] = conversation.last_in_at
        return known

    def _save(self, dialog: Dialog, current: str, paused: str) -> None:
        seen = self._last_in[dialog.id]
        conversations.save(self.tx, dialog.id, current=current, paused=paused, alive=dialog.alive, seen=seen)
        self._loaded[dialog.id] = (current, paused)
