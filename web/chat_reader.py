"""What a chat page needs to know from the database, in one read each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.events import Address, Attachment
from domain.roles import Role
from storage import conversations, files, people
from storage.database import Tx
from web.services import Services


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits at an address, for the head of the page. `zone` is that of their branch; a stranger has no `locale`."""

    name: str
    role: str
    zone: str
    locale: str = ""


def visitor_at(tx: Tx, address: Address, services: Services) -> Visitor:
    conversation = conversations.at(tx, address)
    if conversation is None:
        return Visitor("", Role.CUSTOMER, services.timezone)
    person = people.get(tx, conversation.person_id)
    branch = tx.find(people.Branch, person.branch_id)
    return Visitor(person.name, person.role, branch.timezone if branch else services.timezone, person.locale)


def own_files(tx: Tx, address: Address, ids: Sequence[int]) -> tuple[Attachment, ...] | None:
    """These files as attachments, or None when one is missing or was sent by somebody else."""
    found = [files.find(tx, file_id) for file_id in ids]
    if any(file is None or file.owner != str(address) for file in found):
        return None
    return tuple(_attachment(file) for file in found if file is not None)


def _attachment(file: files.StoredFile) -> Attachment:
    kind: Literal["photo", "voice"] = "photo" if file.kind == "photo" else "voice"
    return Attachment(kind, file=str(file.id), size=file.size, mime=file.mime)
