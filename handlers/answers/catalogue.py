"""The catalogue: finds the services a message names, and composes answers by topic. Empty where it knows nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.labels import Topic
from handlers.texts import DEFAULT_LOCALE

Service = Mapping[str, Any]
AREA = re.compile(r"(\d{2,4})\s*(?:个)?(?:平|㎡|m2)")
MOST = 3
LISTED = ("served", "not_served")
NAMED = ("{services}", "{prices}", "{served}", "{place}")


def services(catalogue: Mapping[str, Any]) -> list[Service]:
    """In the order of the file."""
    return list(catalogue.get("service", ()))


def service(catalogue: Mapping[str, Any], service_id: str) -> Service | None:
    return next((one for one in services(catalogue) if one["id"] == service_id), None)


def named(catalogue: Mapping[str, Any], text: str) -> list[Service]:
    """The services a text names, each once, in the order they are named. The longest name wins a place."""
    left = text.casefold()
    found: dict[int, Service] = {}
    for name, one in sorted(_names(catalogue), key=lambda pair: -len(pair[0])):
        place = left.find(name)
        if place >= 0:
            found.setdefault(place, one)
            left = left.replace(name, " " * len(name))
    return list({one["id"]: one for _, one in sorted(found.items(), key=lambda pair: pair[0])}.values())


def place_in(catalogue: Mapping[str, Any], text: str) -> str:
    """The district a text names, served or not, or ""."""
    return next((place for listed in LISTED for place, _ in _places(catalogue, listed, text)), "")


def called(catalogue: Mapping[str, Any], name: str, locale: str) -> str:
    """A service of an order in the reader's language; as it is when the catalogue does not know it."""
    if locale == DEFAULT_LOCALE:
        return name
    return next((word(one, "name", locale) for one in services(catalogue) if one["name"] == name), name)


def estimate(one: Service | None, area_m2: int | None) -> tuple[int, float]:
    """The price in fen and the hours of a visit; a price of 0 when it depends on what was not said."""
    if one is None:
        return 0, 3.0
    least, hours = int(one.get("least", 1)), float(one.get("hours", 3))
    if one.get("unit") == "hour":
        hours = max(float(least), round((area_m2 or 80) / one.get("m2_per_hour", 40)))
        return int(hours * one["unit_fen"]), hours
    if one.get("unit") == "m2":
        told = area_m2 if one.get("measured", "home") == "home" else None
        return (max(least, told) * int(one["unit_fen"]) if told else 0), hours
    return int(one["unit_fen"]) * least, hours


def area_in(text: str) -> int | None:
    """Square metres that a text names."""
    found = AREA.search(text)
    return int(found.group(1)) if found else None


def answer(catalogue: Mapping[str, Any], topic: Topic, text: str, locale: str = DEFAULT_LOCALE) -> str:
    """What the catalogue says about a topic, as concretely as the question allows; "" when it does not know."""
    found = [*_about_services(catalogue, topic, text, locale), *_exact(catalogue, topic, text, locale)]
    if topic is Topic.COVERAGE:
        found = [*_about_places(catalogue, text, locale)] or found
    return "\n".join(found[:MOST]) or _general(catalogue, topic, text, locale)


def topics_in(catalogue: Mapping[str, Any], text: str) -> list[Topic]:
    """Topics whose own words a text uses: for questions that nobody gave a topic."""
    found = [topic for topic in Topic if _exact(catalogue, topic, text, DEFAULT_LOCALE)]
    return found or ([Topic.PRICE] if named(catalogue, text) else [])


def _about_services(catalogue: Mapping[str, Any], topic: Topic, text: str, locale: str) -> list[str]:
    """Prices and contents of the services that were named; contents only when no finer answer fits."""
    about = named(catalogue, text)
    if topic is Topic.PRICE:
        return [f"{word(one, 'name', locale)}{_colon(locale)}{word(one, 'price', locale)}" for one in about]
    if topic is Topic.SCOPE and not _exact(catalogue, topic, text, locale):
        return [_scope(one, locale) for one in about]
    return []


def _about_places(catalogue: Mapping[str, Any], text: str, locale: str) -> Iterable[str]:
    """Where we come to, and where not yet."""
    coverage, local = _topic(catalogue, Topic.COVERAGE), int(locale != DEFAULT_LOCALE)
    for listed, answers in zip(LISTED, ("yes", "no"), strict=True):
        places = _comma(locale).join(names[local] for names in _places(catalogue, listed, text))
        if places:
            yield _fill(catalogue, word(coverage, answers, locale), locale, places)


def _places(catalogue: Mapping[str, Any], listed: str, text: str) -> Iterator[tuple[str, str]]:
    """(Chinese, English) of each listed district that a text names in either language."""
    coverage = _topic(catalogue, Topic.COVERAGE)
    places = coverage.get(listed, ())
    for place, english in zip(places, coverage.get(f"{listed}_en", places), strict=True):
        if place in text or english.casefold() in text.casefold():
            yield place, english


def _exact(catalogue: Mapping[str, Any], topic: Topic, text: str, locale: str) -> list[str]:
    """The answers whose words a text uses."""
    fitting = (one for one in _topic(catalogue, topic).get("answer", ()) if _asks(one, text))
    return [_fill(catalogue, word(one, "text", locale), locale) for one in fitting]


def _general(catalogue: Mapping[str, Any], topic: Topic, text: str, locale: str) -> str:
    entry = _topic(catalogue, topic)
    general = entry.get("general", ())
    if not entry.get("text") or (general and not _any(general, text)):
        return ""
    return _fill(catalogue, word(entry, "text", locale), locale)


def _fill(catalogue: Mapping[str, Any], text: str, locale: str, place: str = "") -> str:
    """Gaps are replaced one by one: a company may write braces of its own."""
    comma = _comma(locale)
    prices = "\n".join(f"· {word(one, 'name', locale)} {word(one, 'price', locale)}" for one in services(catalogue))
    names = comma.join(word(one, "name", locale) for one in services(catalogue))
    coverage = _topic(catalogue, Topic.COVERAGE)
    served = comma.join(coverage.get("served" if locale == DEFAULT_LOCALE else "served_en", coverage.get("served", ())))
    for gap, value in zip(NAMED, (names, prices, served, place), strict=True):
        text = text.replace(gap, value)
    return text


def _scope(one: Service, locale: str) -> str:
    return f"{word(one, 'name', locale)}{_colon(locale)}{word(one, 'includes', locale)}{word(one, 'excludes', locale)}"


def _comma(locale: str) -> str:
    return "、" if locale == DEFAULT_LOCALE else ", "


def _colon(locale: str) -> str:
    return "：" if locale == DEFAULT_LOCALE else ": "


def word(entry: Mapping[str, Any], field: str, locale: str) -> str:
    """A field in the reader's language, else in the company's own."""
    short = locale.partition("-")[0]
    return str(entry.get(f"{field}_{short}", entry.get(field, "")))


def _names(catalogue: Mapping[str, Any]) -> Iterable[tuple[str, Service]]:
    for one in services(catalogue):
        for name in (one["name"], one.get("name_en", one["name"]), *one.get("also", ())):
            yield str(name).casefold(), one


def _topic(catalogue: Mapping[str, Any], topic: Topic) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = catalogue.get("topic", {}).get(topic.value, {})
    return entry


def _asks(one: Mapping[str, Any], text: str) -> bool:
    """Chinese words anywhere, English ones where a word begins: a cat is no certificate."""
    english = "|".join(map(re.escape, one.get("asks_en", ())))
    return _any(one["asks"], text) or bool(english and re.search(rf"\b(?:{english})", text.casefold()))


def _any(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)
