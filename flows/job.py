"""A checkpoint of a job 中途自查/完成: it counts at once; pictures and a note may follow, with wet hands, or not."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Action, CheckIn, Choice, Do, Say
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, go

UNDO = "undo"


@dataclass(frozen=True)
class Job:
    """`point` is `checked` or `finished`; it was stored before this begins."""

    order: int
    point: str


def took_proof(job: Job, answer: Answer) -> Move[Job]:
    """Pictures and notes are added to the checkpoint, as many as there are; a slip of the finger is taken back."""
    if answer.choice == UNDO:
        return done(job, Do("not_finished", {"order": job.order}))
    if answer.choice:
        return done(job, Say(f"job.done_{job.point}", buttons=ahead(job)))
    return go("more", job, CheckIn(job.order, job.point, answer.text, answer.files))


def proofs(job: Job) -> tuple[Choice, ...]:
    return (Choice("skip"), *_slips(job))


def further(job: Job) -> tuple[Choice, ...]:
    return (Choice("enough"), *_slips(job))


def _slips(job: Job) -> tuple[Choice, ...]:
    """Only the end of a visit has consequences."""
    return (Choice(UNDO),) if job.point == "finished" else ()


def ahead(job: Job) -> tuple[Action, ...]:
    """What may come next stays at hand, below the pictures."""
    report = Action("report", "visits.report_label", {"order": job.order})
    if job.point == "finished":
        return (report,)
    return (Action("check_in", "visits.finished_label", {"order": job.order, "point": "finished"}), report)


SILENT = timedelta(minutes=30)
JOB = Flow("job", Job, (
    #    step    says                  accepts       then        silent  then  offers
    Step("proof", "job.proof_{point}", FILES | TEXT, took_proof, SILENT, ends, proofs),
    Step("more",  "job.more",          FILES | TEXT, took_proof, SILENT, ends, further),
))  # fmt: skip
