"""A time that lies ahead, read from words: when a visit is wanted, and how exactly that was said."""

from datetime import datetime, time, timedelta

from domain.understanding import Understanding, When

MORNING, AFTERNOON, NOON = time(9), time(14), time(12)
HALF_DAY = timedelta(hours=3)
DAY = timedelta(hours=20)
WEEK_WORDS = ("周", "星期", "礼拜", "week", "day")
PAST_WORDS = ("昨", "前天", "上周", "上星期", "上个", "上次", "刚", "yesterday", "last")


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
