"""The words of the desk, in the language of whoever reads it."""

from typing import Any

from domain.errors import HuixiangError
from domain.understanding import LEARNT
from handlers.texts import Texts, refusal


class DeskTexts:
    """`texts("nav_cases")` is the entry of desk.toml; a key with a dot may be of any file."""

    def __init__(self, texts: Texts, locale: str) -> None:
        self.locale = locale
        self._texts = texts

    def __call__(self, key: str, /, **args: Any) -> str:
        return self._texts.render(self._full(key), args, self.locale)

    def has(self, key: str) -> bool:
        return self._texts.has(self._full(key), self.locale)

    def label(self, kind: str, value: str) -> str:
        """What people call an identifier, `label("type", "quality")`; the identifier itself when nobody named it."""
        key = f"labels.{kind}_{value}"
        return self(key) if self.has(key) else self.own(kind, value)

    def own(self, kind: str, value: str) -> str:
        """As `label`, from the desk's own words."""
        key = f"{kind}_{value}"
        return self(key) if self.has(key) else value

    def refusal(self, error: HuixiangError) -> str:
        """Why it was not done."""
        return refusal(self._texts, error, self.locale)

    def dotted(self, label: str) -> str:
        """A label as the reader of messages writes it, `type.quality`; as it is when there is no name for it."""
        kind, _, value = label.partition(".")
        named = self.label(kind, value)
        return f"{self(f'why_{kind}')}：{named}" if named != value and self.has(f"why_{kind}") else named or label

    def rule(self, name: str) -> str:
        """The rule that fired, by its name in the dictionary, which is Chinese in every language."""
        return self("why_learnt") if name == LEARNT else self("why_rule", rule=name) if name else ""

    @staticmethod
    def _full(key: str) -> str:
        return key if "." in key else f"desk.{key}"
