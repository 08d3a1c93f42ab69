"""What visits add to a turn."""

from domain.effects import CheckIn, RaiseCase, SaveNeeds
from handlers.area import Area
from handlers.visits import asking, checking, checkins, jobs, lateness, needs, raising, undoing

AREA = Area(
    effects={CheckIn: checkins.reported, SaveNeeds: needs.saved, RaiseCase: raising.raised},
    actions={
        "my_day": jobs.my_day,
        "check_in": checkins.check_in,
        "not_finished": undoing.not_finished,
        "be_late": lateness.be_late,
        "report": jobs.report,
        "today_visits": checking.today,
        "spot_check": checking.spot_check,
    },
    timers={
        "day_before": asking.day_before_due,
        "mid_visit": asking.mid_visit_due,
        "late_check": lateness.late_check_due,
        "no_trace": lateness.no_trace_due,
    },
    starts={
        "before_visit": asking.start_before_visit,
        "mid_visit": asking.start_mid_visit,
        "job": checkins.start_job,
        "late": lateness.start_late,
        "report": jobs.start_report,
        "spot_check": checking.start_spot_check,
    },
)
