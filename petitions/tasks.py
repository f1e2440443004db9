from contextlib import suppress

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from petitions import models
from supporters.models import MailLimitReached

# Waits of 1, 2, 3 … minutes, a day in all: longer than a relay's bad night, and never
# much longer than the trouble lasted.
with_backoff = RetryStrategy(max_attempts=54, linear_wait=60)


@app.task(retry=with_backoff)
def ask_signer(signature_pk):
    signature = (
        models.Signature.objects.select_related(
            "petition__campaign", "confirmation__supporter"
        )
        .filter(pk=signature_pk)
        .first()
    )
    if signature is None:  # deleted, or erased by its owner, while the job waited
        return
    try:
        signature.ask()
    except MailLimitReached as limit:
        if signature.confirmation.is_superseded:
            return
        later = ask_signer.configure(
            schedule_at=limit.may_send_at, queueing_lock=f"ask {signature_pk}"
        )
        with suppress(AlreadyEnqueued):
            later.defer(signature_pk=signature_pk)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="fold_tally")
def fold_tally(timestamp):
    """Every ten seconds: at 2,000 signatures a minute, some 330 rows to add up."""
    models.TallyEntry.fold()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget_outdated_signatures")
def forget_outdated_signatures(timestamp):
    models.Signature.objects.outdated().delete()
