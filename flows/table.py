"""Every flow there is, by name."""

from collections.abc import Mapping

from flows.before_visit import BEFORE_VISIT
from flows.booking import BOOKING
from flows.call_back import CALL_BACK
from flows.change import CHANGE
from flows.clarify import CLARIFY
from flows.close_case import CLOSE_CASE
from flows.compensate import COMPENSATE
from flows.complaint import COMPLAINT
from flows.erase import ERASE
from flows.flow import AnyFlow
from flows.follow_up import FOLLOW_UP
from flows.inquiry import INQUIRY
from flows.job import JOB
from flows.late import LATE
from flows.mid_visit import MID_VISIT
from flows.offer_time import OFFER_TIME
from flows.rating import RATING
from flows.reassign import REASSIGN
from flows.reply import REPLY
from flows.report import REPORT
from flows.showing import SHOWING
from flows.side import SIDE
from flows.spot_check import SPOT_CHECK
from flows.talk import TALK
from flows.write_customer import WRITE_CUSTOMER
from flows.write_staff import WRITE_STAFF

FLOWS: Mapping[str, AnyFlow] = {
    flow.name: flow
    for flow in (
        BEFORE_VISIT,
        BOOKING,
        CALL_BACK,
        CHANGE,
        CLARIFY,
        CLOSE_CASE,
        COMPENSATE,
        COMPLAINT,
        ERASE,
        FOLLOW_UP,
        INQUIRY,
        JOB,
        LATE,
        MID_VISIT,
        OFFER_TIME,
        RATING,
        REASSIGN,
        REPLY,
        REPORT,
        SHOWING,
        SIDE,
        SPOT_CHECK,
        TALK,
        WRITE_CUSTOMER,
        WRITE_STAFF,
    )
}
