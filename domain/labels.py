"""The labels of the taxonomy. Identifiers are a contract; what people read comes from the texts."""

from enum import StrEnum


class Intent(StrEnum):
    INQUIRY = "inquiry"
    BOOKING = "booking"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    STATUS = "status"
    REWARD = "reward"
    HANDOFF = "handoff"
    DATA_REQUEST = "data_request"
    CHITCHAT = "chitchat"


class Topic(StrEnum):
    SCOPE = "scope"
    PRICE = "price"
    QUALIFICATION = "qualification"
    COVERAGE = "coverage"
    SPECIAL = "special"
    CONTRACT = "contract"
    PROMOTION = "promotion"


class CaseType(StrEnum):
    QUALITY = "quality"
    PUNCTUALITY = "punctuality"
    ATTITUDE = "attitude"
    DAMAGE = "damage"
    LOSS = "loss"
    SAFETY = "safety"
    HYGIENE = "hygiene"
    EQUIPMENT = "equipment"
    BILLING = "billing"
    CONTRACT = "contract"
    STAFFING = "staffing"
    RESPONSE = "response"
    PRIVACY = "privacy"
    OTHER = "other"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the most urgent, 3 for the least."""
        return _RANKS[self]

    def at_least(self, other: "Priority") -> "Priority":
        """The more urgent of the two."""
        return self if self.rank <= other.rank else other


_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


class Demand(StrEnum):
    REWORK = "rework"
    REFUND = "refund"
    COMPENSATION = "compensation"
    APOLOGY = "apology"
    REPLACE_STAFF = "replace_staff"
    REPAIR = "repair"
    EXPLANATION = "explanation"
    DISCIPLINE = "discipline"
    TERMINATE = "terminate"
    NONE = "none"


class Hazard(StrEnum):
    """A danger to people that needs its safety instructions before anything else."""

    GAS = "gas"
    FIRE = "fire"
    ELECTRIC = "electric"
    WATER = "water"
    INJURY = "injury"
    ILLNESS = "illness"
    THREAT = "threat"
    HARASSMENT = "harassment"
    STRANDED = "stranded"
    SELF_HARM = "self_harm"
    DANGER = "danger"
    """Somebody is in danger, and the words do not say which."""


class Stage(StrEnum):
    """Where a customer stands in the life of the relationship."""

    AWARE = "aware"
    INTERESTED = "interested"
    DECIDING = "deciding"
    USING = "using"
    LOYAL = "loyal"
    AT_RISK = "at_risk"
    LOST = "lost"


class Grade(StrEnum):
    """How a closed case enters the case library."""

    A = "A"
    B = "B"
    C = "C"


class OrderStatus(StrEnum):
    BOOKED = "booked"
    STARTED = "started"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class CaseStatus(StrEnum):
    """Derived from what happened to a case; `closed` can become `open` again within seven days."""

    OPEN = "open"
    TAKEN = "taken"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Checkpoint(StrEnum):
    """A cleaner's report from the job, in the order of a visit."""

    LEFT = "left"
    ARRIVED = "arrived"
    CHECKED = "checked"
    FINISHED = "finished"
