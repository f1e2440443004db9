"""The queue's own housekeeping."""

from contextlib import suppress

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.utils import utcnow

from database import queue, retention


@app.periodic(cron="* * * * *")
@app.task(
    name="database.retry_stalled", queueing_lock="retry_stalled", pass_context=True
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a killed worker to another one.

    Otherwise they would stay "doing" for ever. This is safe, since every task may run
    twice. Where another job already waits under the same queueing lock, that one does
    the work.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        with suppress(ConnectorException):  # it has ended by itself meanwhile
            try:
                await jobs.retry_job(job, retry_at=utcnow())
            except UniqueViolation:
                await jobs.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="* * * * *")
@app.task(name="database.start_what_is_due", queueing_lock="start_what_is_due")
def start_what_is_due(timestamp: int) -> None:
    """Runs each minute, for a database whose clock is behind."""
    queue.start_what_is_due()


@app.periodic(cron="17 * * * *")
@app.task(name="database.forget_finished_jobs", queueing_lock="forget_finished_jobs")
def forget_finished_jobs(timestamp: int) -> None:
    """Runs each hour and not only each night, so that 24 hours are 24 hours."""
    retention.rule("jobs").forget()
