"""The language in which somebody asked to be spoken to."""

from domain.events import Address
from storage import conversations, people
from storage.database import Tx


def speak(tx: Tx, address: Address, locale: str) -> None:
    """From now on whoever sits there hears us in this language."""
    conversation = conversations.at(tx, address)
    if conversation is not None:
        tx.change(people.Person, conversation.person_id, locale=locale)
