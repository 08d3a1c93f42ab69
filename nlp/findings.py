"""All that the dictionary found in one message, ready to be asked about by label."""

from collections import defaultdict
from collections.abc import Iterable

from domain.understanding import Reason, Words
from nlp.lexicon import Hit


class Findings:
    """The phrases that are meant as said. `original` is what was typed, `text` its normal form, equally long."""

    def __init__(self, original: str, text: str, sender: str, hits: Iterable[Hit], over: bool) -> None:
        self.original = original
        self.text = text
        self.sender = sender
        self.over = over
        self._hits: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            _add(self._hits[hit.rule.label], hit)

    def of(self, label: str) -> list[Hit]:
        return self._hits.get(label, [])

    def has(self, *labels: str) -> bool:
        return any(self._hits.get(label) for label in labels)

    def weight(self, label: str) -> float:
        return sum(hit.rule.weight for hit in self.of(label))

    def kind(self, prefix: str) -> dict[str, list[Hit]]:
        """The hits of every label of a kind, by the label's name: `type`, `hazard`, `intent`, `topic`, `demand`."""
        start = prefix + "."
        return {label[len(start) :]: hits for label, hits in self._hits.items() if hits and label.startswith(start)}

    def marked(self, label: str, mark: str) -> bool:
        return any(mark in hit.rule.marks for hit in self.of(label))

    def words(self, start: int, end: int) -> Words:
        return Words(self.original[start:end], start, end)

    def reason(self, label: str, hit: Hit) -> Reason:
        return Reason(label, hit.rule.name, self.words(hit.start, hit.end))


def _add(kept: list[Hit], hit: Hit) -> None:
    """Keep of overlapping hits of one label the weightier, then the longer one."""
    if not kept or hit.start >= kept[-1].end:
        kept.append(hit)
        return
    last = kept[-1]
    if (hit.rule.weight, hit.end - hit.start) > (last.rule.weight, last.end - last.start):
        kept[-1] = hit
