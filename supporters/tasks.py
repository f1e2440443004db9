from contextlib import suppress

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from supporters import models

# Waits of 1, 2, 3 … minutes, a day in all: longer than a relay's bad night, and never
# much longer than the trouble lasted.
with_backoff = RetryStrategy(max_attempts=54, wait=60, linear_wait=60)


def ask_now_or_later(act, task, *, ask=None, **arguments):
    """Mail an act's question; when its address has had enough mails, after the hour.

    `ask` is what puts it, when it is not `act.ask` without more words.
    By then only the newest question about the same act is put: what somebody else
    typed a hundred times must not become a hundred mails.
    """
    try:
        (ask or act.ask)()
    except models.MailLimitReached as limit:
        # A visit to my page is its own question.
        if getattr(act, "confirmation", act).is_superseded:
            return
        later = task.configure(
            schedule_at=limit.may_send_at, queueing_lock=f"{task.name} {act.pk}"
        )
        with suppress(AlreadyEnqueued):
            later.defer(**arguments)


@app.task(retry=with_backoff)
def ask_visitor(visit_pk):
    visit = models.Visit.objects.select_related("supporter").filter(pk=visit_pk).first()
    if visit is not None:  # else erased, or forgotten, meanwhile
        ask_now_or_later(visit, ask_visitor, visit_pk=visit_pk)


@app.periodic(cron="31 3 * * *")
@app.task(queueing_lock="forget")
def forget(timestamp):
    """Each night (UTC) all that has had its time, in every app."""
    models.Night.spend()
