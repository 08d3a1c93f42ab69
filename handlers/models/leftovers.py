"""Work that an earlier process put down and this one has no model for: ended, and its voice notes go to people."""

from handlers.engine import Engine
from handlers.models.hearing import not_heard
from handlers.models.queueing import HEAR, READ
from handlers.round import Round
from storage import jobs

REASON = "not configured"


async def settle(engine: Engine, *, reads: bool, hears: bool) -> None:
    """`reads` and `hears` say what there is a model for now."""

    def end(round_: Round) -> None:
        for job in () if reads else jobs.unended(round_.tx, READ):
            jobs.end(round_.tx, job.id or 0, "given_up", REASON, round_.now)
        for job in () if hears else jobs.unended(round_.tx, HEAR):
            jobs.end(round_.tx, job.id or 0, "given_up", REASON, round_.now)
            round_.store(not_heard(job))

    await engine.call_round(end)
