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
        if act.confirmation.is_superseded:
            return
        later = task.configure(
            schedule_at=limit.may_send_at, queueing_lock=f"{task.name} {act.pk}"
        )
        with suppress(AlreadyEnqueued):
            later.defer(**arguments)


@app.periodic(cron="51 3 * * *")
@app.task(queueing_lock="forget_what_nobody_needs")
def forget_what_nobody_needs(timestamp):
    models.forget_what_nobody_needs()
