"""All that the dictionary found in one message, ready to be asked about by label."""

from collections.abc import Iterable

from domain.understanding import Reason, Words
from nlp.lexicon import Hit


class Findings:
    """The phrases that are meant as said. `original` is what was typed, `text` its normal form, equally long.

    `denied` are labels whose phrases the message denies; `over`: every danger that it names has passed or is denied.
    """

    def __init__(
        self, original: str, text: str, sender: str, hits: Iterable[Hit], over: bool, denied: Iterable[str] = ()
    ) -> None:
        self.original = original
        self.text = text
        self.sender = sender
        self.over = over
        self.denied = frozenset(denied)
        self._hits: dict[str, list[Hit]] = {}
        self._kinds: dict[str, dict[str, list[Hit]]] = {}
        for hit in hits:
            if hit.rule.label not in self._hits:
                kind, _, name = hit.rule.label.partition(".")
                self._hits[hit.rule.label] = self._kinds.setdefault(kind, {})[name] = []
            _add(self._hits[hit.rule.label], hit)

    def all(self) -> Iterable[tuple[str, list[Hit]]]:
        """Every label with its hits."""
        return self._hits.items()

    def of(self, label: str) -> list[Hit]:
        return self._hits.get(label, [])

    def has(self, *labels: str) -> bool:
        return any(label in self._hits for label in labels)

    def weight(self, label: str) -> float:
        return weigh(self._hits.get(label, ()))

    def kind(self, kind: str) -> dict[str, list[Hit]]:
        """The hits of a kind by the label's name: `type`, `hazard`, `intent`, `topic`, `demand`."""
        return self._kinds.get(kind, {})

    def marked(self, label: str, mark: str) -> bool:
        return any(mark in hit.rule.marks for hit in self.of(label))

    def words(self, start: int, end: int) -> Words:
        return Words(self.original[start:end], start, end)

    def reason(self, label: str, hit: Hit) -> Reason:
        return Reason(label, hit.rule.name, self.words(hit.start, hit.end))


def weigh(hits: Iterable[Hit]) -> float:
    return sum([hit.rule.weight for hit in hits])


def _add(kept: list[Hit], hit: Hit) -> None:
    """Overlapping hits of one label become one, under the weightier rule."""
    if not kept or hit.start >= kept[-1].end:
        kept.append(hit)
        return
    last = kept[-1]
    rule = hit.rule if hit.rule.weight > last.rule.weight else last.rule
    kept[-1] = Hit(rule, last.start, max(last.end, hit.end))
