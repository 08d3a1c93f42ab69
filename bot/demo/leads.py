"""The supervisors of the demo's month: they look in several times a day and do what their company would want.

They act as from the desk. Towards the end of the month some things are left as they are, so that there is work to see.
"""

import itertools
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from bot.demo.cast import Cast
from bot.demo.stage import Actor, Stage
from domain.events import StaffActed
from storage import cases, people, requests
from storage.cases import Approval, Case
from storage.requests import Request
from storage.statement import Statement, core

CASE = core(Case)
UNGRADED = Statement(select(CASE).where(CASE.c.status == "closed", CASE.c.grade == ""))
SOON = timedelta(minutes=90)
STILL_OPEN = timedelta(days=3)
FRESH = timedelta(hours=20)
"""Younger than this at the end: nobody may have touched it yet."""

FATES = ("untouched", "taken", "open", "closed")
"""What becomes of the last cases, one after the other."""

LATER = ("closed", "closed", "closed", "open")


class Leads:
    """`left` says how long the month still lasts."""

    def __init__(self, stage: Stage, cast: Cast, lines: Mapping[str, Any], dice: Random) -> None:
        self._stage = stage
        self._cast = cast
        self._lines = lines["lead"]
        self._dice = dice
        self._fates: dict[int, str] = {}
        self._turns = itertools.cycle(FATES)
        self._patience: dict[int, timedelta] = {}
        self._paid: set[int] = set()
        self._decided: set[int | None] = set()
        self._first = next(iter(cast.leads.values()))

    def look(self, left: timedelta) -> None:
        """One look at everything that waits."""
        with self._stage.database.read() as tx:
            open_cases, waiting = cases.all_open(tx), requests.all_open(tx)
        for case in open_cases:
            self._care(case, left)
        for request in waiting:
            self._answer(request, left)
        self._grade()

    def _care(self, case: Case, left: timedelta) -> None:
        case_id, age = case.id or 0, self._stage.clock.now() - case.opened_at
        urgent = case.priority == "urgent"
        still_fresh = left + age < FRESH
        fate = self._fates.setdefault(case_id, next(self._turns) if still_fresh else self._dice.choice(LATER))
        lead = self._lead_of(case)
        if fate == "untouched" and still_fresh:
            return
        if case.owner_id is None:
            self._act(lead, "take_case", case=case_id)
        elif fate == "taken" and still_fresh:
            return
        elif case.responded_at is None:
            self._act(lead, "reply_customer", case=case_id, text=self._dice.choice(self._lines["replies"]))
            self._stage.after(self._dice.randint(6, 50), lambda: self._customer(case))
        elif age > (SOON if urgent else self._wait(case_id)) and (urgent or fate != "open" or left + age > STILL_OPEN):
            self._end(lead, case)
        elif self._stage.clock.now().hour % 3 == 0:
            self._act(lead, "reply_customer", case=case_id, text=self._dice.choice(self._lines["progress"]))

    def _wait(self, case_id: int) -> timedelta:
        """How long a case takes to be solved."""
        return self._patience.setdefault(case_id, timedelta(hours=self._dice.uniform(3, 30)))

    def _customer(self, case: Case) -> None:
        home = next((home for home in self._cast.homes if home.customer.person == case.customer_id), None)
        if home is not None:
            home.customer.says(self._dice.choice(self._lines["answers"]))

    def _end(self, lead: Actor, case: Case) -> None:
        """Something for the trouble, in half of the cases; then it is closed with what was learned."""
        case_id = case.id or 0
        if case_id not in self._paid:
            self._paid.add(case_id)
            amount = self._dice.choice((0, 0, 0, 2_000, 5_000, 10_000, 30_000))
            if amount:
                self._act(lead, "compensate", case=case_id, means="coupon", amount_fen=amount)
                return
        grade = self._dice.choices(("A", "B", "C"), (4, 3, 1))[0]
        note = self._lines["best"] if grade == "A" else self._dice.choice(self._lines["lessons"])
        self._act(lead, "close_case", case=case_id, grade=grade, note=note)

    def _grade(self) -> None:
        """Cases that the customer closed get their grade; money that waits is decided by the owner."""
        with self._stage.database.read() as tx:
            ungraded, pending = tx.all(UNGRADED), cases.pending_approvals(tx)
        for case in ungraded:
            self._act(self._lead_of(case), "grade_case", case=case.id, grade=self._dice.choice(("A", "A", "B")))
        for approval in pending:
            self._decide(approval)

    def _decide(self, approval: Approval) -> None:
        old = self._stage.clock.now() - approval.asked_at > timedelta(hours=2)
        if old and approval.id not in self._decided:
            self._decided.add(approval.id)
            self._act(self._cast.owner, "approve_money", approval=approval.id)

    def _answer(self, request: Request, left: timedelta) -> None:
        """Most questions are answered within the hour; the last ones still wait."""
        age = self._stage.clock.now() - request.created_at
        if left + age < FRESH / 2 or age < timedelta(minutes=10):
            return
        if request.kind == "booking":
            verdict = "decline_booking" if self._dice.random() < 0.2 else "accept_booking"
            self._act(self._first, verdict, request=request.id)
            return
        self._act(self._first, "answer_request", request=request.id, text=self._dice.choice(self._lines["told"]))
        self._act(self._first, "end_request", request=request.id)

    def _lead_of(self, case: Case) -> Actor:
        with self._stage.database.read() as tx:
            branch = tx.find(people.Branch, case.branch_id)
        return self._cast.leads.get(branch.code, self._first) if branch is not None else self._first

    def _act(self, actor: Actor, action: str, **args: Any) -> None:
        self._stage.post(StaffActed(action, actor.person, args), f"staff:{actor.person}", "desk")
