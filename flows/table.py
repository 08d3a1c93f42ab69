"""Every flow there is, by name."""

from collections.abc import Mapping

from flows.before_visit import BEFORE_VISIT
from flows.call_back import CALL_BACK
from flows.close_case import CLOSE_CASE
from flows.compensate import COMPENSATE
from flows.complaint import COMPLAINT
from flows.flow import AnyFlow
from flows.follow_up import FOLLOW_UP
from flows.job import JOB
from flows.late import LATE
from flows.mid_visit import MID_VISIT
from flows.rating import RATING
from flows.reassign import REASSIGN
from flows.reply import REPLY
from flows.report import REPORT
from flows.side import SIDE
from flows.spot_check import SPOT_CHECK
from flows.write_staff import WRITE_STAFF

FLOWS: Mapping[str, AnyFlow] = {
    flow.name: flow
    for flow in (
        CLOSE_CASE,
        COMPENSATE,
        COMPLAINT,
        FOLLOW_UP,
        REASSIGN,
        REPLY,
        SIDE,
        WRITE_STAFF,
        BEFORE_VISIT,
        CALL_BACK,
        JOB,
        LATE,
        MID_VISIT,
        RATING,
        REPORT,
        SPOT_CHECK,
    )
}
