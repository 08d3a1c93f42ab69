"""What stands in the documents: fenced blocks, shell commands one by one, links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READMES = (ROOT / "nlp/dictionary/README.md", ROOT / "nlp/corpus/README.md")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *READMES)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """`where` is page:line of its first line."""

    where: str
    language: str
    text: str


def blocks() -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for fence in FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 2
            found.append(Block(f"{page.relative_to(ROOT)}:{line}", fence[1], fence[2]))
    return found


def of_language(*languages: str) -> list[Block]:
    return [block for block in blocks() if block.language in languages]


def commands() -> list[Block]:
    """Every command of every shell block. One goes on over several lines while it is indented, quoted or piped."""
    shells = of_language("sh", "bash", "shell", "console")
    return [Block(block.where, "sh", command) for block in shells for command in _cut(block)]


def _cut(block: Block) -> list[str]:
    found: list[str] = []
    for line in block.text.splitlines():
        if line.startswith(" ") and found:
            found[-1] += "\n" + line
        elif line.strip():
            found.append(line)
    return found


def links(page: Path) -> list[str]:
    """Where a page leads outside of its code blocks; addresses of other sites left out."""
    text = FENCE.sub("", page.read_text("utf-8"))
    targets = (one[0] or one[1] for one in LINK.findall(text))
    return [target for target in targets if not re.match(r"[a-z]+:|#", target)]
