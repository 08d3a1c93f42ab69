"""How the desk writes names, times and money."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.texts import write_moment, write_yuan
from web.desk.texts import DeskTexts

TITLES = ("女士", "先生", "太太", "小姐", "老师", "阿姨", "叔叔", "同学")
DAY_MINUTES = 24 * 60


class Words:
    """Filters of the templates, for one reader. `zone` is the company's."""

    def __init__(self, texts: DeskTexts, zone: str) -> None:
        self.texts = texts
        self.zone = ZoneInfo(zone)

    def moment(self, at: datetime | None, how: str = "moment") -> str:
        """`day`, `time` or both; a dash for none."""
        return "—" if at is None else write_moment(at.astimezone(self.zone), how, self.texts.locale)

    def short(self, at: datetime) -> str:
        """11-23 14:05."""
        return f"{at.astimezone(self.zone):%m-%d %H:%M}"

    def duration(self, length: timedelta) -> str:
        """The two largest units: 2天3小时, 1小时05分, 12分."""
        minutes = max(0, int(abs(length.total_seconds()) // 60))
        days, hours, rest = minutes // DAY_MINUTES, minutes % DAY_MINUTES // 60, minutes % 60
        if days:
            return f"{days}{self.texts('unit_day')}{hours}{self.texts('unit_hour')}"
        if hours:
            return f"{hours}{self.texts('unit_hour')}{rest:02d}{self.texts('unit_minute')}"
        return f"{rest}{self.texts('unit_minute')}"

    def written(self, iso: str) -> str:
        """A stored moment as people read it."""
        try:
            return self.moment(datetime.fromisoformat(iso))
        except ValueError:
            return iso

    def field_time(self, iso: str) -> str:
        """A stored moment as a date-and-time field wants it; empty for none."""
        try:
            return f"{datetime.fromisoformat(iso).astimezone(self.zone):%Y-%m-%dT%H:%M}"
        except ValueError:
            return ""

    def masked(self, name: str) -> str:
        return masked(name) or self.texts("labels.guest")


def masked(name: str) -> str:
    """The family name, and the title when that is all there is: 王小明 → 王**, 王女士 stays."""
    if len(name) <= 1 or (len(name) <= 4 and name.endswith(TITLES)):
        return name
    return name[0] + "*" * min(2, len(name) - 1)


def yuan(fen: int) -> str:
    return write_yuan(fen)


def star_row(stars: int) -> str:
    """★★★★☆."""
    return "★" * stars + "☆" * (5 - stars)
