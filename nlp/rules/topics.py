"""What an inquiry asks about."""

from domain.labels import Topic
from nlp.findings import Findings


def find_topics(found: Findings) -> tuple[Topic, ...]:
    """The topics named, in the order of the taxonomy; what names none asks about the service itself."""
    named = found.kind("topic")
    return tuple(topic for topic in Topic if topic.value in named) or (Topic.SCOPE,)
