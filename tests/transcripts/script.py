"""Reading and writing a story: what people do is the script, what they then hear is checked, and rewritten on demand.

A line is one thing somebody does (`客户 王女士: 多少钱`), a span of time (`（2 小时后）`), or a remark (`# …`).
All other lines are what was heard: `回响 → 王女士: …`, its further lines and its buttons indented, and the hour.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
HEARD = ("回响 → ", "—— ", "  ")


def stories() -> list[Path]:
    """All stories, in the order of their names."""
    return sorted(HERE.glob("*.txt"))


def steps(text: str) -> list[str]:
    """The lines that people wrote: what happens, and remarks."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith(HEARD)]


def whole(script: list[str], play: Callable[[str], list[str]]) -> str:
    """The story with everything heard in it."""
    return "\n".join(_lines(script, play)).strip() + "\n"


def _lines(script: list[str], play: Callable[[str], list[str]]) -> Iterator[str]:
    """An empty line after everything heard, and around remarks."""
    remark = True
    for step in script:
        if step.startswith("#"):
            yield from ([step] if remark else ["", step])
            remark = True
            continue
        if remark:
            yield ""
        remark = False
        yield step
        heard = play(step)
        yield from heard
        if heard:
            yield ""
