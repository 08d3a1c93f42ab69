"""The words of the chat page, from the files beside its scripts: the server and the page say the same things."""

import json
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
DEFAULT_LOCALE = "zh-CN"
LOCALES = (DEFAULT_LOCALE, "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """All words by locale; an unknown locale gets the default one."""

    by_locale: dict[str, dict[str, str]]

    def of(self, locale: str) -> dict[str, str]:
        return self.by_locale.get(locale) or self.by_locale[DEFAULT_LOCALE]

    def say(self, locale: str, key: str, **values: object) -> str:
        return self.of(locale)[key].format(**values)


def load_texts() -> Texts:
    files = {locale: STATIC / "chat" / f"strings.{locale}.json" for locale in LOCALES}
    return Texts({locale: json.loads(file.read_text(encoding="utf-8")) for locale, file in files.items()})
