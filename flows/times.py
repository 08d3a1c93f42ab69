"""A time that lies ahead, read from words: when a visit is wanted, and how exactly that was said."""

import re
from datetime import datetime, time, timedelta

from domain.understanding import Understanding, When

MORNING, AFTERNOON, NOON = time(9), time(14), time(12)
HALF_DAY = timedelta(hours=3)
DAY = timedelta(hours=20)
WEEK_WORDS = ("周", "星期", "礼拜", "week", "day")
PAST_WORDS = ("昨", "前天", "上周", "上星期", "上个", "上次", "刚", "yesterday", "last")
SAME_WORDS = ("一样", "同样", "照旧", "老时间", "same")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DATE = re.compile(r"(?<!\d)(\d{1,2})月(?:份)?(\d{1,2})[号日]")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
ENGLISH_DATE = re.compile(
    rf"\b(?:{_NAMES}\.? (\d{{1,2}})\b(?! *:)|(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_NAMES})", re.IGNORECASE
)
DAY_WORDS = re.compile(
    r"[今明后昨]|周|星期|礼拜|[\d一二三四五六七八九十][号日月]|\d[-/.]\d|day|tomorrow|week", re.IGNORECASE
)
AROUND_A_TIME = re.compile(
    r"\W|算了|还是|那就|那|就|改到|改成|改为|改|换到|换成|换|等等|等一下|不对|不是|我想|我要|想|要|时间|约|在|到|是|了|吧|的|呢|啊"
    r"|我?(?:说|写|打|记|填|看|点)错|错|好|嗯|哦|行|可以|能不能|可不可以|方便|吗|么|actually|make it|let'?s|\b(?:on|at|instead|please|then|no|wait|sorry|say)\b",
    re.IGNORECASE,
)
"""What people put around a time when they change their mind about it, and which says nothing else."""


SOMETIME = re.compile(
    r"[今明后昨早午晚夜天年节假定]|周[\d一二三四五六日天末]|[上下本这]周|[\d一二三四五六七八九十几][号日月点]|星期|礼拜|随便|随时|都行|都可以|都好|都方便|看着办|安排|有空|时间|时候|一样|同样|照旧|上次|方便|尽快|越快|马上|立刻|现在|快"
    r"|最近|近期|等|再说|不急|不限|小时|分钟|不知道|不清楚|没想好|以后|下次|之前|之后"
    r"|day|week|month|same|morning|noon|night|evening|today|tonight|tomorrow|time|any|when|soon|asap|now|later|flexible"
    r"|up to you|you (?:choose|decide)|not sure|don'?t know|\d ?[ap]\.?m",
    re.IGNORECASE,
)
"""What there is in any words that say when, or that leave it open."""


def says_when(text: str, reading: Understanding | None) -> bool:
    """Whether the words can be an answer to when somebody should come."""
    return (reading is not None and reading.matrix.occurred_at is not None) or SOMETIME.search(text) is not None


def ahead(reading: Understanding | None, now: datetime) -> When | None:
    """The time of a reading when it lies ahead. A bare weekday or hour means the coming one."""
    read = reading.matrix.occurred_at if reading is not None else None
    if read is None or (read.start <= now and any(word in read.words.text for word in PAST_WORDS)):
        return None
    step = timedelta(days=7 if any(word in read.words.text for word in WEEK_WORDS) else 1)
    moved = read.start if read.start > now else read.start + step
    return When(moved, read.end + (moved - read.start), read.words) if moved > now else None


def is_moment(when: When) -> bool:
    """ "周四下午两点" is one, "周六上午" is not."""
    return when.end - when.start < HALF_DAY


def planned(when: When) -> datetime | None:
    """The moment to plan for: a morning does not become 08:00, and a day is no moment yet.

    `when` is in the company's zone.
    """
    if when.end - when.start > DAY:
        return None
    if is_moment(when):
        return when.start
    clock = MORNING if when.start.time() < NOON else max(AFTERNOON, when.start.time())
    return when.start.replace(hour=clock.hour, minute=clock.minute)


def is_over(reading: Understanding | None, now: datetime) -> bool:
    """Whether a time was named that has passed; "跟上次一样" names one that is meant again."""
    read = reading.matrix.occurred_at if reading is not None else None
    if read is None or any(word in read.words.text for word in SAME_WORDS):
        return False
    return read.end <= now and ahead(reading, now) is None


def no_such_day(text: str) -> str:
    """A date that no calendar has, 2月30号, in the words of the text; "" when there is none."""
    for found in DATE.finditer(text):
        month, day = int(found.group(1)), int(found.group(2))
        if not 1 <= month <= len(LONGEST_MONTHS) or not 1 <= day <= LONGEST_MONTHS[month - 1]:
            return found.group(0)
    for found in ENGLISH_DATE.finditer(text):
        name, number = found.group(1) or found.group(4), int(found.group(2) or found.group(3))
        if not 1 <= number <= LONGEST_MONTHS[MONTHS.index(name[:3].lower())]:
            return found.group(0)
    return ""


def is_only_time(text: str, reading: Understanding | None, now: datetime) -> bool:
    """Whether the words name a time ahead and nothing else: "算了，还是后天吧"."""
    read = ahead(reading, now)
    return read is not None and not AROUND_A_TIME.sub("", text.replace(read.words.text, "", 1))


def same_day(clock: datetime, day: datetime | None, words: str) -> datetime:
    """ "下午两点" said after a day was named is on that day; words that name their own stay as they are."""
    if day is None or DAY_WORDS.search(words):
        return clock
    there = day.astimezone(clock.tzinfo)
    return clock.replace(year=there.year, month=there.month, day=there.day)
