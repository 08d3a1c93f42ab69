"""Puts figures into docs/understanding.md: `python -m docs.understanding`, after

`huixiang evaluate --errors 0 --json docs/understanding.json`. Two drawings and two tables, readable in light and dark.
"""

import json
from pathlib import Path
from typing import Any

from bot.evaluation import FIGURES, MATRIX, READERS
from nlp.learning.evaluate import OURS
from nlp.learning.page import fill
from nlp.learning.scoring import AIMS

HERE = Path(__file__).parent
FIGURES_FILE = HERE / "understanding.json"
PAGE = HERE / "understanding.md"
BARS = HERE / "pictures" / "readers.svg"
CURVE = HERE / "pictures" / "confidence.svg"
SHOWN = ("intent", "primary", "priority", "urgent_recall", "urgent_precision", "topic_hit", "complaint")
ASIDE, WIDE, BAR, GAP = 132, 430, 13, 16
"""Pixels: names, the longest bar, its height, between groups."""
SIDE = 300
STYLE = """<style>
text { font: 13px system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; fill: #24292f }
.small { font-size: 11px; fill: #57606a }
.line { stroke: #d0d7de; fill: none }
.huixiang { fill: #1a7f64 } .dictionary { fill: #8fb8ac } .words { fill: #a3a9b1 } .snownlp { fill: #ccd1d7 }
.curve { stroke: #1a7f64; stroke-width: 2; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .line { stroke: #3d444d }
  .huixiang { fill: #3fb992 } .dictionary { fill: #3b7365 } .words { fill: #6e7681 } .snownlp { fill: #4a5058 }
  .curve { stroke: #3fb992 }
}
</style>"""


def main() -> None:
    found = json.loads(FIGURES_FILE.read_text("utf-8"))
    BARS.write_text(bars(found["readers"]), "utf-8")
    CURVE.write_text(curve(found["calibration"]), "utf-8")
    for name, block in blocks(found).items():
        fill(PAGE, name, block)


def blocks(found: dict[str, Any]) -> dict[str, str]:
    """What the page says in figures, by the name of its place."""
    return {"asked": asked(found), "figures": figures(found["readers"]), "own": own(found)}


def asked(found: dict[str, Any]) -> str:
    names = "、".join(f"`{name}`" for name in found["asked"])
    apart = "；考的时候模型是用其余各批另外训练的" if found["taught_apart"] else "，模型从没见过"
    return f"考了 {found['messages']} 条，其中 {found['complaints']} 条投诉（{names}{apart}）。"


def figures(readers: dict[str, dict[str, float]]) -> str:
    head = " | ".join(["目标", *(READERS[name] for name in readers)])
    lines = [f"| | {head} |", f"| --- |{' ---: |' * (len(readers) + 1)}"]
    for name, title in FIGURES.items():
        cells = [_share(AIMS.get(name)), *(_share(one.get(name)) for one in readers.values())]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def own(found: dict[str, Any]) -> str:
    """What only we have: the event matrix, honest probabilities, the time it takes."""
    matrix = "，".join(f"{MATRIX[name]} {value:.2f}" for name, value in found["matrix"].items())
    took = found["times"][OURS]
    return (
        f"事件矩阵（时间是对的比例，其余是 F1）：{matrix}。把握和实际平均差 {found['calibration_error']:.3f}。"
        f"读一条一半在 {took['p50']:.1f} 毫秒以内，百分之九十九在 {took['p99']:.1f} 毫秒以内。"
    )


def bars(readers: dict[str, dict[str, float]]) -> str:
    """A group of bars for each figure, a bar for each reader that has it."""
    top, parts = 34, [_legend(list(readers))]
    for name in SHOWN:
        having = [(reader, found[name]) for reader, found in readers.items() if name in found]
        height = BAR * len(having)
        parts.append(f'<text x="{ASIDE - 10}" y="{top + height / 2 + 4:g}" text-anchor="end">{FIGURES[name]}</text>')
        parts += [_bar(reader, value, top + BAR * place) for place, (reader, value) in enumerate(having)]
        top += height + GAP
    return _drawing(ASIDE + WIDE + 60, top, "几种读法各读对多少", parts)


def _bar(reader: str, value: float, top: float) -> str:
    width = value * WIDE
    rest = f'<text class="small" x="{ASIDE + width + 5:.0f}" y="{top + BAR - 3}">{100 * value:.0f}%</text>'
    return f'<rect class="{reader}" x="{ASIDE}" y="{top}" width="{width:.0f}" height="{BAR - 2}" rx="2"/>{rest}'


def _legend(readers: list[str]) -> str:
    marks = []
    for place, reader in enumerate(readers):
        x = ASIDE + place * 124
        marks.append(f'<rect class="{reader}" x="{x}" y="9" width="11" height="11" rx="2"/>')
        marks.append(f'<text class="small" x="{x + 16}" y="19">{READERS[reader]}</text>')
    return "".join(marks)


def curve(bins: list[dict[str, float]]) -> str:
    """How often it is right, over how sure it says it is; on the thin line both are the same. Dots grow with number."""
    most = max(one["count"] for one in bins)
    dots = [
        f'<circle class="huixiang" cx="{_x(one["sure"]):.0f}" cy="{_y(one["right"]):.0f}" '
        f'r="{2.5 + 4 * (one["count"] / most) ** 0.5:.1f}"/>'
        for one in bins
    ]
    points = " ".join(f"{_x(one['sure']):.0f},{_y(one['right']):.0f}" for one in bins)
    axes = [
        f'<rect class="line" x="{_x(0)}" y="{_y(1)}" width="{SIDE}" height="{SIDE}"/>',
        f'<path class="line" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>',
        *(_label(_x(at), _y(0) + 16, "middle", at) for at in (0, 0.5, 1)),
        *(_label(_x(0) - 6, _y(at) + 4, "end", at) for at in (0, 0.5, 1)),
        f'<text x="{_x(0.5):.0f}" y="{_y(0) + 36}" text-anchor="middle">它说的把握</text>',
        f'<text x="{_x(0)}" y="14">真的对了的</text>',
    ]
    return _drawing(SIDE + 80, SIDE + 70, "把握和实际", [*axes, f'<polyline class="curve" points="{points}"/>', *dots])


def _label(x: float, y: float, anchor: str, share: float) -> str:
    return f'<text class="small" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{share:.0%}</text>'


def _x(share: float) -> float:
    return 50 + SIDE * share


def _y(share: float) -> float:
    return 24 + SIDE * (1 - share)


def _drawing(width: int, height: int, title: str, parts: list[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([head, f"<title>{title}</title>", STYLE, *parts, "</svg>"]) + "\n"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
