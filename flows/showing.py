"""Pictures or voice came without a word: what are they about? Nothing shown is lost, whatever the answer."""

from dataclasses import asdict, dataclass

from domain.effects import OpenCase, OpenRequest, Say
from domain.events import Attachment
from domain.labels import Intent
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, go, minutes, one_of, stay


@dataclass(frozen=True)
class Showing:
    """`order` is the visit they are most likely about."""

    files: tuple[Attachment, ...]
    order: int | None = None

    @property
    def count(self) -> int:
        return len(self.files)


def took_matter(showing: Showing, answer: Answer) -> Move[Showing]:
    """More files join the first ones; words say what it is; a person looks at everything else."""
    if answer.files and not answer.text:
        return stay(Showing(showing.files + answer.files, showing.order), Say("showing.more"))
    if answer.choice == "problem":
        return go("problem", showing)
    if answer.choice == "ask":
        return go("question", showing)
    if answer.reading is not None and answer.reading.intent is Intent.COMPLAINT:
        return took_problem(showing, answer)
    return took_question(showing, answer)


def took_problem(showing: Showing, answer: Answer) -> Move[Showing]:
    files = showing.files + answer.files
    return done(showing, OpenCase(answer.text, "chat", showing.order, files))


def took_question(showing: Showing, answer: Answer) -> Move[Showing]:
    files = showing.files + answer.files
    return done(showing, OpenRequest("question", answer.text, {"files": [_plain(file) for file in files]}))


def unsaid(showing: Showing) -> Move[Showing]:
    """They said no more: a person looks at what was sent."""
    return took_question(showing, Answer())


def _plain(file: Attachment) -> dict[str, object]:
    return asdict(file)


SHOWING = Flow("showing", Showing, (
    #    step        says                accepts                                then           silent for   then
    Step("matter",   "showing.ask",      TEXT | FILES | one_of("problem", "ask"), took_matter,   minutes(10), unsaid),
    Step("problem",  "showing.problem",  TEXT | FILES,                          took_problem,  minutes(30), unsaid),
    Step("question", "showing.question", TEXT | FILES,                          took_question, minutes(30), unsaid),
), leaves=unsaid)  # fmt: skip
