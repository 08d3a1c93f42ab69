"""Figures in a page are written by the program that counted them, between two marks."""

from pathlib import Path


def fill(page: Path, name: str, block: str) -> None:
    """Replace what stands between `<!-- name -->` and `<!-- /name -->`; raises `ValueError` when they are missing."""
    before, after = _around(page.read_text("utf-8"), name)
    page.write_text(f"{before}\n{block}\n{after}", "utf-8")


def filled(page: Path, name: str) -> str:
    """What stands there now."""
    text = page.read_text("utf-8")
    before, after = _around(text, name)
    return text[len(before) : len(text) - len(after)].strip("\n")


def _around(text: str, name: str) -> tuple[str, str]:
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    start, end = text.find(opening) + len(opening), text.find(closing)
    if opening not in text or end < start:
        raise ValueError(f"the page has no place marked {name}")
    return text[:start], text[end:]
