"""The rating after a visit: overall, four aspects, one open question. Low ones become a case in the same chat."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.effects import Action, ClearTimer, Effect, Feedback, Grant, Link, OpenCase, RaiseCase, SaveRating, Say
from domain.labels import Demand, Intent, Priority
from domain.understanding import LEARNT, Understanding
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, go, one_of, stay
from flows.stars import star_of, stars_in

LOW, HIGH = 2, 4
WORTH_KEEPING = 8
ASPECTS = ("attitude", "result", "punctual", "value")
ONLY_STARS = 6
EACH = re.compile(r"\W*(?:都|全部?|统统|样样)(?:是|给|打)?\s*([1-5一二三四五])\s*(?:颗|个)?(?:星|分)?[吧了]?\W*")


@dataclass(frozen=True)
class Rating:
    """`tone` is how the first question is put: `first`, `remind`, or after a greeting came (`here`), words (`still`), a
    complaint (`after`).

    `link` is for a friend. `said`: something was written already.
    """

    order: int
    service: str
    starts_at: datetime
    cleaner: str
    link: str = ""
    tone: str = "first"
    stars: int = 0
    said: bool = False

    @property
    def mood(self) -> str:
        """How the open question is put."""
        return "open" if self.stars >= HIGH else "better"


def first_step(rating: Rating) -> str:
    """An old button may have brought the stars with it."""
    if not rating.stars:
        return "stars"
    return "wrong" if rating.stars <= LOW else "attitude"


def took_stars(rating: Rating, answer: Answer) -> Move[Rating]:
    """A tap or a number rates; words without a number are kept, and the stars asked for once more."""
    if answer.choice == "later":
        return _put_off(rating)
    if answer.choice:
        return _rated(rating, int(answer.choice))
    stars = stars_in(answer.text)
    if stars:
        return _rated(replace(rating, said=True), stars, answer)
    return _unrated(rating, answer)


def _put_off(rating: Rating) -> Move[Rating]:
    """The first time it may be later; the second time it is a no, and nobody calls either."""
    if rating.tone != "first":
        return done(rating, ClearTimer("rating_call", f"order:{rating.order}"), Say("rating.no_more"))
    button = Action("rate_order", "rating.rate_label", {"order": rating.order})
    return done(rating, Say("rating.another_time", buttons=(button,)))


def _rated(rating: Rating, stars: int, answer: Answer | None = None) -> Move[Rating]:
    rated = replace(rating, stars=stars)
    kept = SaveRating(rating.order, stars, comment=answer.text if answer else "")
    if answer and _complains(answer, stars):
        return done(rated, kept, OpenCase(answer.text, "rating", rating.order, answer.files))
    if rating.tone == "after":
        return done(rated, kept, Say("rating.thanks_after"))
    return go(first_step(rated), rated, kept)


def _unrated(rating: Rating, answer: Answer) -> Move[Rating]:
    """A complaint is walked first, and the stars are asked for gently when it is done."""
    kept = SaveRating(rating.order, comment=answer.text)
    if _complains(answer):
        after = replace(rating, tone="after", said=True)
        return stay(after, kept, OpenCase(answer.text, "rating", rating.order))
    if answer.reading and answer.reading.intent is Intent.CHITCHAT and len(answer.text) < WORTH_KEEPING:
        return go("stars", replace(rating, tone="here"))
    return go("stars", replace(rating, tone="still", said=True), kept, Feedback(rating.order, answer.text))


def took_wrong(rating: Rating, answer: Answer) -> Move[Rating]:
    """What was wrong, by a tap or in words: the case begins now."""
    if answer.text:
        kept = SaveRating(rating.order, comment=answer.text)
        return done(rating, kept, OpenCase(answer.text, "rating", rating.order, answer.files))
    aspect = answer.choice or "other"
    kept = SaveRating(rating.order, aspects={aspect: rating.stars} if aspect != "other" else {})
    return done(rating, kept, _case(rating, aspect, answer))


def kept_low(rating: Rating) -> Move[Rating]:
    """A low rating without a word is still somebody who was let down."""
    return done(rating, _case(rating, "other", Answer()))


def _case(rating: Rating, aspect: str, answer: Answer) -> Effect:
    return RaiseCase(f"rating.case_{aspect}", "rating", rating.order, {"stars": rating.stars}, files=answer.files)


def took_aspect(aspect: str, following: str) -> Callable[[Rating, Answer], Move[Rating]]:
    """One tap for one aspect; `enough` goes on to the open question. Whoever writes instead has answered that one."""

    def took(rating: Rating, answer: Answer) -> Move[Rating]:
        if answer.choice == "enough":
            return _open_question(rating)
        if answer.choice == "skip":
            return _open_question(rating) if following == "comment" else go(following, rating)
        if answer.text:
            return _wrote(rating, aspect, following, answer)
        return _next(rating, following, SaveRating(rating.order, aspects={aspect: int(answer.choice)}))

    return took


def _next(rating: Rating, following: str, kept: Effect) -> Move[Rating]:
    return _open_question(rating, kept) if following == "comment" else go(following, rating, kept)


def _wrote(rating: Rating, aspect: str, following: str, answer: Answer) -> Move[Rating]:
    """ "都5星" is every aspect that is left, "4分" this one, a nod nothing; all else is what they want to say."""
    if found := EACH.fullmatch(answer.text):
        left = ASPECTS[ASPECTS.index(aspect) :]
        return _open_question(rating, SaveRating(rating.order, aspects=dict.fromkeys(left, star_of(found.group(1)))))
    if (stars := stars_in(answer.text)) and len(answer.text) <= ONLY_STARS:
        return _next(rating, following, SaveRating(rating.order, aspects={aspect: stars}))
    if answer.reading and answer.reading.intent is Intent.CHITCHAT and len(answer.text) < WORTH_KEEPING:
        return go(aspect, rating)
    return took_comment(rating, answer)


def _open_question(rating: Rating, *effects: Effect) -> Move[Rating]:
    """Whoever has written something already is not asked to write again."""
    if not rating.said:
        return go("comment", rating, *effects)
    thanked = _thanked(rating)
    return replace(thanked, effects=effects + thanked.effects)


def took_comment(rating: Rating, answer: Answer) -> Move[Rating]:
    """Words that complain are a complaint, even beside five stars."""
    if answer.choice or not answer.text:
        return _thanked(rating)
    kept = SaveRating(rating.order, comment=answer.text)
    heard = Feedback(rating.order, answer.text)
    if _complains(answer, rating.stars):
        case = OpenCase(answer.text, "rating", rating.order, answer.files)
        return done(rating, kept, case, heard) if _is_trifle(answer) else done(rating, kept, case)
    thanked = _thanked(rating)
    return replace(thanked, effects=(kept, *thanked.effects, heard))


def _thanked(rating: Rating) -> Move[Rating]:
    if rating.stars >= HIGH:
        return go("share", rating)
    return done(rating, Say("rating.thanks_better"))


def took_consent(rating: Rating, answer: Answer) -> Move[Rating]:
    """Sharing a review is asked for, never assumed; a friend's link is offered either way."""
    if answer.choice == "no":
        return done(rating, Say("rating.thanks_private"), *_referral(rating))
    shared = SaveRating(rating.order, consent=True)
    granted = Grant("review_consent", f"order:{rating.order}")
    return done(rating, shared, Say("rating.thanks_shared"), granted, *_referral(rating))


def _referral(rating: Rating) -> tuple[Effect, ...]:
    if not rating.link:
        return ()
    return (Say("rating.refer", {"link": rating.link}, buttons=(Link("rating.refer_label", rating.link),)),)


def _is_trifle(answer: Answer) -> bool:
    """A blemish named beside contentment: just what is useful to hear; nobody angry is paid for it with a coupon."""
    return answer.reading is not None and answer.reading.priority is Priority.LOW


def _complains(answer: Answer, stars: int = 0) -> bool:
    """Beside four or five stars a failing must be named: what merely resembles complaints is what the stars say."""
    if answer.reading is None or answer.reading.intent is not Intent.COMPLAINT:
        return False
    return stars < HIGH or names_failing(answer.reading)


def names_failing(reading: Understanding) -> bool:
    """Whether words that read as a complaint say what was wrong, or ask for something."""
    wishes = any(demand is not Demand.NONE for demand in reading.matrix.demands)
    named = any(why.label.startswith("type.") and why.rule != LEARNT for why in reading.why)
    return named or wishes or reading.anger > 0 or reading.hazard is not None


STARS = one_of("1", "2", "3", "4", "5")
OVERALL = STARS | one_of("later") | TEXT
WRONG = one_of("attitude", "result", "punctual", "value", "other") | TEXT | FILES
ASPECT = STARS | one_of("skip", "enough") | TEXT
WORDS = TEXT | FILES | one_of("skip")
OTHER_MATTERS = (Intent.BOOKING, Intent.HANDOFF, Intent.STATUS)
SOON, LATER = timedelta(minutes=10), timedelta(hours=1)

RATING = Flow("rating", Rating, (
    #    step        says                     accepts              then                                silent then
    Step("stars",    "rating.ask_{tone}",     OVERALL,             took_stars),
    Step("wrong",    "rating.wrong",          WRONG,               took_wrong,                         SOON,  kept_low),
    Step("attitude", "rating.attitude",       ASPECT,              took_aspect("attitude", "result"),  LATER, ends),
    Step("result",   "rating.result",         ASPECT,              took_aspect("result", "punctual"),  LATER, ends),
    Step("punctual", "rating.punctual",       ASPECT,              took_aspect("punctual", "value"),   LATER, ends),
    Step("value",    "rating.value",          ASPECT,              took_aspect("value", "comment"),    LATER, ends),
    Step("comment",  "rating.comment_{mood}", WORDS,               took_comment,                       LATER, ends),
    Step("share",    "rating.share",          one_of("yes", "no"), took_consent,                       LATER, ends),
), proactive=True, enter=first_step, yields=OTHER_MATTERS, again="rate_order")  # fmt: skip
