"""What ratings add to a turn."""

from domain.effects import OweCall, SaveCall, SaveRating
from handlers.area import Area
from handlers.ratings import asking, calling, recording, saving

AREA = Area(
    effects={SaveRating: saving.saved, OweCall: calling.owed, SaveCall: calling.saved},
    actions={
        "rate_order": asking.rate_order,
        "record_rating": recording.record,
        "call_list": calling.call_list,
        "call_back": calling.call_back,
    },
    timers={
        "rating": asking.due,
        "rating_remind": asking.remind_due,
        "rating_call": asking.call_due,
        "rating_low": saving.low_due,
        "calls_digest": calling.digest_due,
    },
    starts={"rating": asking.start, "call_back": calling.start},
)
