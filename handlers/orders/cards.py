"""The buttons under a job, wherever its cleaner sees it: what comes next, running late, a problem."""

from domain.effects import Action
from domain.labels import Checkpoint, OrderStatus
from handlers.turn import Turn
from storage import orders
from storage.orders import Order


def buttons(turn: Turn, order: Order) -> tuple[Action, ...]:
    """What the cleaner can do next with this job."""
    report = Action("report", "visits.report_label", {"order": order.id})
    if order.status in (OrderStatus.FINISHED, OrderStatus.CANCELLED):
        return (report,)
    done = {row.point for row in orders.checkins(turn.tx, order.id or 0)}
    last = max((index for index, point in enumerate(Checkpoint) if point in done), default=-1)
    ahead = tuple(Checkpoint)[last + 1 :]
    shown = ahead[:2] if last < 1 else ahead
    points = [Action("check_in", f"visits.{point}_label", {"order": order.id, "point": point.value}) for point in shown]
    late = () if last >= 1 else (Action("be_late", "visits.late_label", {"order": order.id}),)
    return (*points, *late, report)
