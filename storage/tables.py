"""All tables in one place, for migrations and for an empty database."""

from sqlmodel import SQLModel

from storage.cases import Approval, Case, CaseEntry, Task
from storage.conversations import Conversation
from storage.corrections import Correction
from storage.coupons import Coupon, LedgerEntry
from storage.departures import Departure
from storage.desk import DeskSession, FailedLogin, Login
from storage.escalations import Escalation
from storage.facts import Fact
from storage.files import StoredFile
from storage.inbox import Inbox
from storage.jobs import Job
from storage.links import Link
from storage.orders import Checkin, Order
from storage.outbox import Outbox
from storage.people import Branch, Person
from storage.ratings import CallBack, Rating
from storage.requests import Inquiry, Request
from storage.timers import Timer
from storage.webhooks import Delivery

TABLES = (
    Approval, Branch, CallBack, Case, CaseEntry, Checkin, Conversation, Correction, Coupon, Delivery, Departure,
    DeskSession, Escalation, FailedLogin, Fact, Inbox, Inquiry, Job, LedgerEntry, Link, Login, Order, Outbox, Person,
    Rating, Request, StoredFile, Task, Timer,
)  # fmt: skip
metadata = SQLModel.metadata
