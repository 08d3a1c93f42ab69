"""`python -m nlp.learning.variety`: how varied the corpus is, counted and written into its README.

A corpus made from templates teaches the templates. So: how often pieces of four characters come back, how alike each
message and its nearest neighbour are, and whether what is kept for the examination resembles what is learnt.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from nlp.learning.examples import CORPUS, Example, held_files, read_examples, training_files
from nlp.learning.likeness import SHARED, doubles, overlaps, pieces
from nlp.learning.page import fill

PIECE = 4
OFTEN = 5
"""A piece that more messages have is one that comes back."""
SAMPLE = 1500
README = CORPUS / "README.md"


@dataclass(frozen=True, slots=True)
class Variety:
    """`pieces` is the share of the different pieces that many messages have; `said`, of all that is said in them.
    `median` and `high` (the 95th of a hundred) are similarities with the nearest neighbour, from 0 to 1."""

    pieces: float
    said: float
    median: float
    high: float


def variety(texts: Sequence[str]) -> Variety:
    having = Counter(piece for text in texts for piece in pieces(text, PIECE))
    often = [count for count in having.values() if count > OFTEN]
    alike = sorted(nearest(texts[:: max(1, len(texts) // SAMPLE)], texts))
    return Variety(
        pieces=len(often) / len(having),
        said=sum(often) / having.total(),
        median=statistics.median(alike),
        high=alike[len(alike) * 95 // 100],
    )


def nearest(asked: Sequence[str], texts: Sequence[str]) -> list[float]:
    """For each text asked, the Jaccard similarity by character trigrams with the likest other one of `texts`."""
    counter = CountVectorizer(analyzer=lambda text: pieces(text, 3), binary=True)
    rows: csr_matrix = counter.fit_transform([f"^{text}$" for text in texts])
    sizes = np.asarray(rows.sum(axis=1)).ravel()
    at = {text: place for place, text in enumerate(texts)}
    return [_likest(rows, sizes, at[text]) for text in asked]


def _likest(rows: csr_matrix, sizes: NDArray[np.int64], place: int) -> float:
    shared = np.asarray((rows @ rows[place].T).todense()).ravel()
    alike = shared / np.maximum(sizes + sizes[place] - shared, 1)
    alike[place] = 0
    return float(alike.max())


def counted(examples: Sequence[Example]) -> str:
    """The tables of the README: what there is of each class."""
    counts: dict[str, Counter[str]] = {
        "意图": Counter(str(one.intent) for one in examples),
        "投诉类型": Counter(str(one.primary) for one in examples if one.primary),
        "轻重": Counter(str(one.priority) for one in examples if one.priority),
        "谁写的": Counter(str(one.sender) for one in examples),
    }
    lines = [f"| {title} | {_listed(found)} |" for title, found in counts.items()]
    matrices = sum(one.matrix is not None for one in examples)
    return "\n".join([f"{len(examples)} 条，其中 {matrices} 条有事件矩阵。", "", "| | 条数 |", "| --- | --- |", *lines])


def _listed(found: Counter[str]) -> str:
    return "，".join(f"`{name}` {count}" for name, count in found.most_common())


def _told(found: Variety) -> str:
    return (
        f"四个字的片段里，{found.pieces:.2%} 出现在超过 {OFTEN} 条消息里（按出现次数算占 {found.said:.1%}）。"
        f"和最像的另一条有多像（三字片段的 Jaccard，0 到 1）："
        f"一半不到 {found.median:.2f}，百分之九十五不到 {found.high:.2f}。"
    )


def _between(held: Sequence[Example], learnt: Sequence[Example]) -> str:
    shared = overlaps(held, learnt)
    return (
        f"考试的和学习的：一样的 {len(doubles(held, learnt))} 条；连着 {SHARED} 个字以上相同的 {len(shared)} 条"
        f"（`python -m nlp.learning.variety --shared` 列出来）。"
    )


def main(arguments: Sequence[str]) -> None:
    learnt, held = list(read_examples(training_files())), list(read_examples(held_files()))
    if "--shared" in arguments:
        sys.stdout.writelines(f"{mine}\t{other}\t{words}\n" for mine, other, words in overlaps(held, learnt))
        return
    parts = [f"**学习用的**：{counted(learnt)}", _told(variety([one.text for one in learnt]))]
    if held:
        parts += [f"**考试用的**：{counted(held)}", _told(variety([one.text for one in held])), _between(held, learnt)]
    fill(README, "counted", "\n\n".join(parts))
    sys.stdout.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
