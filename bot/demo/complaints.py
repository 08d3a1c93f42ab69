"""The complaints of the demo's month, as customers make them; what becomes of them is up to the supervisors."""

from collections.abc import Mapping
from random import Random
from typing import Any

from bot.demo.cast import Home
from bot.demo.stage import Actor


class Complaints:
    """One customer complains once a month at the most, each about something of their own."""

    def __init__(self, lines: Mapping[str, Any], dice: Random) -> None:
        self.dice = dice
        self._left = list(lines["complaint"]) * 2
        self._angry: set[int] = set()

    def begin(self, home: Home, service: str) -> bool:
        """Complain in the chat; False when this customer has nothing (more) to complain about."""
        if home.customer.person in self._angry:
            return False
        fitting = [one for one in self._left if not service or one.get("service", service) == service]
        if not fitting:
            return False
        chosen = self.dice.choice(fitting)
        self._left.remove(chosen)
        self._angry.add(home.customer.person)
        home.customer.says(chosen["text"])
        self.walk(home.customer)
        return True

    def walk(self, customer: Actor) -> None:
        """Answer the questions, or not, and let the summary stand."""
        for _ in range(2):
            if customer.sees("跳过"):
                self._answer(customer)
        if self.dice.random() < 0.85:
            customer.taps("没错")

    def _answer(self, customer: Actor) -> None:
        for label in ("厨房", "卫生间", "昨天", "重新打扫"):
            if customer.sees(label):
                customer.taps(label)
                return
        customer.taps("跳过")
