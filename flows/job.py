"""A checkpoint of a job 中途自查/完成: it counts at once; pictures and a note may follow, with wet hands, or not."""

from dataclasses import dataclass
from datetime import timedelta

from domain.effects import Action, CheckIn, Say
from flows.flow import FILES, TEXT, Answer, Flow, Move, Step, done, ends, go, one_of


@dataclass(frozen=True)
class Job:
    """`point` is `checked` or `finished`; it was stored before this begins."""

    order: int
    point: str


def took_proof(job: Job, answer: Answer) -> Move[Job]:
    """Pictures and notes are added to the checkpoint, as many as there are."""
    if answer.choice:
        return done(job, Say(f"job.done_{job.point}", buttons=ahead(job)))
    return go("more", job, CheckIn(job.order, job.point, answer.text, answer.files))


def ahead(job: Job) -> tuple[Action, ...]:
    """What may come next stays at hand, below the pictures."""
    report = Action("report", "visits.report_label", {"order": job.order})
    if job.point == "finished":
        return (report,)
    return (Action("check_in", "visits.finished_label", {"order": job.order, "point": "finished"}), report)


JOB = Flow("job", Job, (
    #    step    says                  accepts                           then        silent for             then
    Step("proof", "job.proof_{point}", FILES | TEXT | one_of("skip"),    took_proof, timedelta(minutes=30), ends),
    Step("more", "job.more",           FILES | TEXT | one_of("enough"),  took_proof, timedelta(minutes=30), ends),
))  # fmt: skip
