"""Compensating a customer: coupon or money back, how much, and one look at it before it is given."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from domain.effects import Choice, Do, Say
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of, stay

AMOUNT = re.compile(r"[¥￥]?\s*(\d{1,6}(?:\.\d{1,2})?)\s*(?:元|块钱?|yuan|rmb)?[。.!！]?", re.IGNORECASE)
QUIET = timedelta(minutes=30)
SURE = one_of("give", "change", "drop")


@dataclass(frozen=True)
class Compensation:
    """`left_fen` is what may still be given in this case without a second person, `price_fen` what the visit cost."""

    case: int
    number: str
    customer: str
    choices_fen: tuple[int, ...]
    left_fen: int
    price_fen: int = 0
    means: str = ""
    amount_fen: int = 0

    @property
    def alone(self) -> str:
        """Which words fit: it can be given alone, or somebody must be asked."""
        return "alone" if self.amount_fen <= self.left_fen else "asked"


def took_means(giving: Compensation, answer: Answer) -> Move[Compensation]:
    return go("amount", replace(giving, means=answer.choice))


def took_amount(giving: Compensation, answer: Answer) -> Move[Compensation]:
    """A button or a typed amount; anything else is asked again. More than was paid is worth a second look."""
    amount_fen = int(answer.choice) if answer.choice else fen(answer.text)
    if not amount_fen:
        return stay(giving, Say("compensate.no_amount"))
    given = replace(giving, amount_fen=amount_fen)
    above = giving.means == "cash" and 0 < giving.price_fen < amount_fen
    warned = (Say("compensate.above_price", {"price_fen": giving.price_fen}),) if above else ()
    return go("confirm", given, *warned)


def took_confirmation(giving: Compensation, answer: Answer) -> Move[Compensation]:
    if answer.choice == "change":
        return go("amount", replace(giving, amount_fen=0))
    if answer.choice == "drop":
        return done(giving, Say("compensate.dropped"))
    return done(giving, Do("compensate", {"case": giving.case, "means": giving.means, "amount_fen": giving.amount_fen}))


def fen(text: str) -> int:
    """50, ¥50, 50元, 49.9 块 → fen; 0 when the text is no amount."""
    found = AMOUNT.fullmatch(text.strip())
    return int(Decimal(found.group(1)) * 100) if found else 0


def sums(giving: Compensation) -> tuple[Choice, ...]:
    return tuple(Choice(str(amount), f"¥{amount // 100}") for amount in giving.choices_fen)


COMPENSATE = Flow("compensate", Compensation, (
    #    step       says                                  accepts                   then               silent then
    Step("means",   "compensate.means",                   one_of("coupon", "cash"), took_means,        QUIET, ends),
    Step("amount",  "compensate.amount",                  TEXT,                     took_amount,       QUIET, ends, sums),
    Step("confirm", "compensate.confirm_{means}_{alone}", SURE,                     took_confirmation, QUIET, ends),
))  # fmt: skip
