"""Danger to people: found first, and rather once too often than once too few."""

from domain.labels import Hazard
from nlp.findings import Findings

_ORDER = tuple(Hazard)
_FIRST = (Hazard.SELF_HARM, Hazard.GAS, Hazard.FIRE, Hazard.ELECTRIC, Hazard.INJURY, Hazard.ILLNESS)
"""Which safety words come first when a message names several dangers."""


def find_hazard(found: Findings) -> Hazard | None:
    """The danger that the message names as real, over or not."""
    named = {Hazard(name) for name in found.kind("hazard")}
    if not named and _ill_and_frail(found):
        return Hazard.ILLNESS
    ranked = sorted(named, key=lambda hazard: (hazard not in _FIRST, _ORDER.index(hazard)))
    if Hazard.SELF_HARM in named:
        return Hazard.SELF_HARM
    return ranked[0] if ranked else None


def _ill_and_frail(found: Findings) -> bool:
    """Somebody is ill who cannot wait: in hospital, with child, or hardly breathing."""
    ill = found.marked("type.hygiene", "ill")
    return ill and (found.has("sign.hospital") or "孕" in found.text or "喘不" in found.text)
