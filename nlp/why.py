"""Says which words decided: for the desk, and for whoever doubts a reading."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from domain.labels import CaseType, Priority
from domain.understanding import LEARNT, Reason, Words
from nlp.deciding import Decision
from nlp.eyes import Seen
from nlp.findings import Findings
from nlp.lexicon import Hit

Because = Callable[[str, str], Iterable[str]]
"""The features of the message that speak for a label of a head, the strongest first."""
PER_LABEL = 3
_SIGNS = tuple(
    f"sign.{name}" for name in ("police", "legal", "press", "keepsake", "value", "repeat", "passing", "waived", "now")
)


def explain(seen: Seen, decided: Decision, because: Because) -> tuple[Reason, ...]:
    """The reasons for every label given, at most a few words each: rules first, else what the model went by."""
    reasons = [
        *_for(seen, because, f"intent.{decided.intent}", "what", _what(decided)),
        *(one for topic in decided.topics for one in _for(seen, because, f"topic.{topic}", "topic", topic)),
    ]
    for case in (decided.primary, *decided.secondary):
        if case:
            reasons += _for(seen, because, f"type.{case}", "named", case)
    if decided.hazard:
        reasons += _rules(seen.found, f"hazard.{decided.hazard}")
    if decided.priority:
        reasons.append(_priority(seen, decided, decided.priority, because))
    return tuple(reasons)


def _what(decided: Decision) -> str:
    return f"type.{decided.primary}" if decided.primary else f"intent.{decided.intent}"


def _for(seen: Seen, because: Because, label: str, head: str, choice: str) -> list[Reason]:
    """The phrases of the dictionary that say so; without any, the words that weighed most."""
    said = _rules(seen.found, label)
    return said or [Reason(label, LEARNT, words) for words in islice(_weighty(seen, because, head, choice), PER_LABEL)]


def _rules(found: Findings, label: str) -> list[Reason]:
    hits = found.of(label)
    if label == f"type.{CaseType.SAFETY}":
        hits = [*hits, *(hit for group in found.kind("hazard").values() for hit in group)]
    return [found.reason(label, hit) for hit in hits[:PER_LABEL]]


def _weighty(seen: Seen, because: Because, head: str, choice: str) -> Iterator[Words]:
    """Words of two characters or more behind a choice of the model, none inside another."""
    taken: list[tuple[int, int]] = []
    for name in because(head, choice):
        piece = name[1:]
        start = seen.found.text.find(piece) if name[0] in "cw" and len(piece) > 1 else -1
        end = start + len(piece)
        if start >= 0 and not any(begin < end and start < stop for begin, stop in taken):
            taken.append((start, end))
            yield seen.found.words(start, end)


def _priority(seen: Seen, decided: Decision, priority: Priority, because: Because) -> Reason:
    """A sign when there is one, else what weighed most, else the failing itself."""
    found = seen.found
    labels = (*(f"hazard.{name}" for name in found.kind("hazard")), *_SIGNS)
    hit = _first(found, labels)
    words = found.words(hit.start, hit.end) if hit else next(_weighty(seen, because, "priority", priority), None)
    if words is None:
        hit = _first(found, (f"type.{decided.primary}",))
        words = found.words(hit.start, hit.end) if hit else found.words(0, 0)
    return Reason(f"priority.{priority}", decided.rule, words)


def _first(found: Findings, labels: Iterable[str]) -> Hit | None:
    hits: Sequence[Hit] = [hit for label in labels for hit in found.of(label)[:1]]
    return hits[0] if hits else None
