"""Compensating a customer: coupon or money back, how much, and one look at it before it is given."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.effects import Choice, Do, Say
from flows.flow import TEXT, Answer, Flow, Move, Step, done, ends, go, one_of, stay
from flows.sums import MOST_FEN, fen_in, means_in

SHORT = 10
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


def concerns(text: str) -> bool:
    """Whether words may answer these questions; a whole sentence without a sum is meant for somebody else."""
    return bool(fen_in(text) or means_in(text)) or len(text) <= SHORT


def next_step(giving: Compensation) -> str:
    """The first question whose answer is still unknown."""
    if not giving.means:
        return "means"
    return "confirm" if giving.amount_fen else "amount"


def took_means(giving: Compensation, answer: Answer) -> Move[Compensation]:
    """A button, or words: a sum typed here already is not asked for again."""
    if answer.choice:
        return _on(replace(giving, means=answer.choice))
    return _took_words(giving, answer.text)


def took_amount(giving: Compensation, answer: Answer) -> Move[Compensation]:
    """A button or a typed amount; anything else is asked again."""
    if answer.choice:
        return _on(replace(giving, amount_fen=int(answer.choice)))
    return _took_words(giving, answer.text)


def took_confirmation(giving: Compensation, answer: Answer) -> Move[Compensation]:
    """Another sum may be typed at once."""
    if answer.text:
        return _took_words(giving, answer.text)
    if answer.choice == "change":
        return go("amount", replace(giving, amount_fen=0))
    if answer.choice == "drop":
        return done(giving, Say("compensate.dropped"))
    return done(giving, Do("compensate", {"case": giving.case, "means": giving.means, "amount_fen": giving.amount_fen}))


def _took_words(giving: Compensation, text: str) -> Move[Compensation]:
    amount_fen, means = fen_in(text), means_in(text)
    if amount_fen > MOST_FEN:
        return stay(giving, Say("compensate.too_much", {"most_fen": MOST_FEN}))
    if not amount_fen and (not means or any(character.isdecimal() for character in text)):
        return stay(giving, Say("compensate.no_amount"))
    return _on(replace(giving, amount_fen=amount_fen or giving.amount_fen, means=means or giving.means))


def _on(giving: Compensation) -> Move[Compensation]:
    """More than was paid is worth a second look."""
    step = next_step(giving)
    above = step == "confirm" and giving.means == "cash" and 0 < giving.price_fen < giving.amount_fen
    warned = (Say("compensate.above_price", {"price_fen": giving.price_fen}),) if above else ()
    if step == "means" and giving.amount_fen:
        return go("which", giving)
    return go(step, giving, *warned)


def sums(giving: Compensation) -> tuple[Choice, ...]:
    return tuple(Choice(str(amount), f"¥{amount // 100}") for amount in giving.choices_fen)


MEANS = one_of("coupon", "cash") | TEXT
COMPENSATE = Flow("compensate", Compensation, (
    #    step       says                                  accepts      then               silent then
    Step("means",   "compensate.means",                   MEANS,       took_means,        QUIET, ends),
    Step("which",   "compensate.which",                   MEANS,       took_means,        QUIET, ends),
    Step("amount",  "compensate.amount",                  TEXT,        took_amount,       QUIET, ends, sums),
    Step("confirm", "compensate.confirm_{means}_{alone}", SURE | TEXT, took_confirmation, QUIET, ends),
))  # fmt: skip
