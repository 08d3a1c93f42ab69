"""Which of the times told is that of the event: not the deadline, not the custom, not the day something was bought."""

import re
from collections.abc import Sequence
from datetime import datetime

from nlp.matrix.times.mentions import Mention

_BEFORE = re.compile(
    "(?:每个?|逢|要求|必须在?|最迟|最晚|请(?:在|于)?|限(?:你们)?|改到|改成|改约|推到|延到|改期到|赶在|务必|尽快在|天天|一过|过了|平时|一般|经常)$"
)
_AFTER = re.compile(
    "[日天]?(?:[之以]?前(?!一)|[之以]?内|必须|不(?:退|给|解决|处理|来人|赔)|给我(?:退|解决|处理|修)|要是|再不|务必|就要(?!求)|下班前|之后|愉快|快乐|(?:解决|处理好|答复|回复我)(?!了))"
)
"""What stands before or after a time that is a deadline, a custom or a wish."""
_BOUGHT = re.compile("(?:刚|才|新|花[^,]{0,5})?(?:买|购|入手|装修|装|换新)(?:的|了|回)")
_ORDERED = re.compile("[^,。]{0,3}(?:下的?单|预约|预定|预订|约好|约了|约的|订的|付的?款|交的?定金|办的)")
_TOLD_ALONE = re.compile(r"\W|[的就到约来出做走没我你他她发一在才回打给把擦洗送干搞弄收阿师保客]")
"""What follows a part of the day that stands for itself: 中午来的."""
_TAIL = 6


def told_past(text: str, told: Sequence[Mention], at: datetime) -> list[Mention]:
    """The times at which something may have happened: begun by `at`, and no deadline."""
    return [
        one
        for one in told
        if not _BEFORE.search(text, max(0, one.start - _TAIL), one.start)
        and not _AFTER.match(text, one.end)
        and (not one.days or one.stretch(at)[0] <= at)
    ]


def choose(text: str, told: Sequence[Mention], ahead: bool) -> Mention | None:
    """The first day that is told; failing that the first hour, or 刚才."""
    dated = [one for one in told if (one.days and not one.now) or one.moment]
    if not ahead:
        dated = [one for one in dated if not _BOUGHT.match(text, one.end)]
    if dated:
        first = dated[0]
        later = [one for one in dated[1:] if one.start > first.end + 2]
        return later[0] if later and not ahead and _ORDERED.match(text, first.end) else first
    return next((one for one in told if one.now or (not one.days and (one.clock or _alone(text, one)))), None)


def _alone(text: str, one: Mention) -> bool:
    return one.end == len(text) or bool(_TOLD_ALONE.match(text, one.end))
