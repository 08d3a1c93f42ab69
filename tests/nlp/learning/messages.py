"""Labelled messages for tests: short to write, each its own id."""

from dataclasses import replace
from datetime import datetime

from domain.labels import CaseType, Intent, Priority, Topic
from nlp.learning.examples import Example

AT = datetime.fromisoformat("2025-06-12T15:30:00+08:00")


def complaint(
    text: str, case: CaseType, priority: Priority = Priority.NORMAL, secondary: tuple[CaseType, ...] = ()
) -> Example:
    bare = other(text, Intent.COMPLAINT)
    return replace(bare, primary=case, priority=priority, anger=1, secondary=secondary)


def inquiry(text: str, *topics: Topic) -> Example:
    return replace(other(text, Intent.INQUIRY), topics=topics)


def other(text: str, intent: Intent) -> Example:
    return Example(batch="test", id=text, sender="customer", text=text, at=AT, intent=intent)
