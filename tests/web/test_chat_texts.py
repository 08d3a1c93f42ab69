"""The words of the chat page in both languages."""

import re

import pytest

from web.chat_texts import LOCALES, load_texts


def test_both_languages_say_the_same_things() -> None:
    texts = load_texts()
    chinese, english = (texts.of(locale) for locale in LOCALES)
    assert chinese.keys() == english.keys()
    for key, sentence in chinese.items():
        assert re.findall(r"\{\w+\}", sentence) == re.findall(r"\{\w+\}", english[key]), key


@pytest.mark.parametrize("locale", ["", "fr", "zh-TW", "../en"])
def test_unknown_language_gets_chinese(locale: str) -> None:
    assert load_texts().say(locale, "today") == "今天"
