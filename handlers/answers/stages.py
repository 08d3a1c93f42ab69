"""The stages of a customer's life 客户生命周期, as far as asking and booking move them: forward only."""

from domain.labels import Stage
from handlers.turn import Turn
from storage.people import Person

BEFORE_BUYING = (Stage.AWARE, Stage.INTERESTED, Stage.DECIDING)


def reached(turn: Turn, person: Person, stage: Stage) -> None:
    """The person came at least this far. Customers who have bought keep their stage."""
    if person.stage not in BEFORE_BUYING or stage not in BEFORE_BUYING:
        return
    if BEFORE_BUYING.index(stage) > BEFORE_BUYING.index(Stage(person.stage)):
        turn.tx.change(Person, person.id or 0, stage=stage.value)
