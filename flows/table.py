"""Every flow there is, by name."""

from collections.abc import Mapping

from flows.complaint import COMPLAINT
from flows.flow import AnyFlow
from flows.follow_up import FOLLOW_UP
from flows.side import SIDE
from flows.write_staff import WRITE_STAFF

FLOWS: Mapping[str, AnyFlow] = {
    flow.name: flow
    for flow in (
        COMPLAINT,
        FOLLOW_UP,
        SIDE,
        WRITE_STAFF,
    )
}
