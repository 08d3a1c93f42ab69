"""Small drawings of figures as SVG, readable in light and dark: bars in groups, bars in pieces, and lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ASIDE, WIDE, BAR, GAP = 250, 330, 15, 12
"""Pixels: names, the longest bar, its height, between groups."""
SIDE, TALL = 420, 200
STYLE = """<style>
text { font: 13px system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; fill: #24292f }
.small { font-size: 11px; fill: #57606a }
.line { stroke: #d0d7de; fill: none }
.c0 { fill: #1a7f64; stroke: #1a7f64 } .c1 { fill: #8fb8ac; stroke: #8fb8ac } .c2 { fill: #a3a9b1; stroke: #a3a9b1 }
.c3 { fill: #ccd1d7; stroke: #ccd1d7 } .c4 { fill: #5b7fa6; stroke: #5b7fa6 }
rect { stroke: none } polyline { stroke-width: 2; fill: none !important }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .line { stroke: #3d444d }
  .c0 { fill: #3fb992; stroke: #3fb992 } .c1 { fill: #3b7365; stroke: #3b7365 } .c2 { fill: #6e7681; stroke: #6e7681 }
  .c3 { fill: #4a5058; stroke: #4a5058 } .c4 { fill: #7d9fc4; stroke: #7d9fc4 }
}
</style>"""


@dataclass(frozen=True)
class Bar:
    """`shade` is 0 (ours) to 4."""

    name: str
    value: float
    shade: int


def bars(title: str, groups: Mapping[str, Sequence[Bar]], unit: str) -> str:
    """A group of bars under each name; the longest fills the width."""
    most = max((bar.value for group in groups.values() for bar in group), default=1.0) or 1.0
    top, parts = 10, []
    for name, group in groups.items():
        if name:
            parts.append(f'<text x="8" y="{top + 12}">{name}</text>')
            top += 20
        for bar in group:
            parts.append(_bar(bar, most, top, unit))
            top += BAR + 3
        top += GAP
    return _drawing(ASIDE + WIDE + 80, top, title, parts)


def stacked(title: str, rows: Mapping[str, Sequence[float]], pieces: Sequence[str], unit: str) -> str:
    """One bar for each row, in pieces of the same order; pieces that are nowhere are left out."""
    most = max((sum(row) for row in rows.values()), default=1.0) or 1.0
    shown = [number for number in range(len(pieces)) if any(row[number] >= 0.005 for row in rows.values())]
    top, parts = 34, _legend([(pieces[number], number) for number in shown])
    for name, row in rows.items():
        parts.append(f'<text x="{ASIDE - 10}" y="{top + 12}" text-anchor="end">{name}</text>')
        left = float(ASIDE)
        for number in shown:
            width = row[number] / most * WIDE
            parts.append(f'<rect class="c{number}" x="{left:.0f}" y="{top}" width="{width:.0f}" height="{BAR}"/>')
            left += width
        parts.append(f'<text class="small" x="{left + 5:.0f}" y="{top + 12}">{figure(sum(row))}{unit}</text>')
        top += BAR + GAP
    return _drawing(ASIDE + WIDE + 80, top, title, parts)


def lines(title: str, series: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    """Values over time, from 0 on both sides."""
    points = [point for line in series.values() for point in line]
    last, most = max(point[0] for point in points), 1.1 * max(point[1] for point in points)
    parts = _legend([(name, number) for number, name in enumerate(series)], left=50)
    parts += [
        f'<rect class="line" x="50" y="34" width="{SIDE}" height="{TALL}"/>',
        f'<text class="small" x="45" y="{34 + TALL}" text-anchor="end">0</text>',
        f'<text class="small" x="45" y="44" text-anchor="end">{most:.0f}</text>',
        f'<text class="small" x="45" y="58" text-anchor="end">{up}</text>',
        f'<text class="small" x="{50 + SIDE}" y="{50 + TALL}" text-anchor="end">{last:.3g} {across}</text>',
    ]
    for number, line in enumerate(series.values()):
        drawn = " ".join(f"{50 + SIDE * x / last:.0f},{34 + TALL * (1 - y / most):.0f}" for x, y in line)
        parts.append(f'<polyline class="c{number}" points="{drawn}"/>')
    return _drawing(SIDE + 80, TALL + 64, title, parts)


def _bar(bar: Bar, most: float, top: float, unit: str) -> str:
    width = bar.value / most * WIDE
    return (
        f'<text x="{ASIDE - 10}" y="{top + 12}" text-anchor="end">{bar.name}</text>'
        f'<rect class="c{bar.shade}" x="{ASIDE}" y="{top}" width="{width:.0f}" height="{BAR}" rx="2"/>'
        f'<text class="small" x="{ASIDE + width + 5:.0f}" y="{top + 12}">{figure(bar.value)}{unit}</text>'
    )


def figure(value: float) -> str:
    """Three digits, and no more than there are."""
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _legend(names: Sequence[tuple[str, int]], left: int = 8) -> list[str]:
    marks = []
    for place, (name, shade) in enumerate(names):
        x = left + place * 130
        marks.append(f'<rect class="c{shade}" x="{x}" y="9" width="11" height="11" rx="2"/>')
        marks.append(f'<text class="small" x="{x + 16}" y="19">{name}</text>')
    return marks


def _drawing(width: int, height: float, title: str, parts: Sequence[str]) -> str:
    size = f'width="{width}" height="{height:.0f}" viewBox="0 0 {width} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([head, f"<title>{title}</title>", STYLE, *parts, "</svg>"]) + "\n"
