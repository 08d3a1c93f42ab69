"""How angry a message sounds, from 0 calm to 3 furious."""

import re

from nlp.findings import Findings

_STACKED = re.compile(r"[!?]{3,}|!{2,}")


def measure_anger(found: Findings, complains: bool) -> int:
    """Words and stacked marks add up; a message that reports a failing is never quite calm with reproach in it."""
    points = float(len(_STACKED.findall(found.text)))
    points += 2 * min(len(found.of("sign.swear")), 2) + 1.5 * min(len(found.of("sign.angry")), 2)
    points += len(found.of("sign.ultimatum")) + 0.5 * min(len(found.of("sign.reproach")), 3)
    points += found.has("sign.legal", "sign.press") + found.has("sign.sarcasm") + 0.5 * ("!" in found.text)
    if not complains:
        points -= 1.5
    return 3 if points >= 4 else 2 if points >= 2 else 1 if points >= 0.5 else 0
