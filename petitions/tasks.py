from contextlib import suppress
from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from campaign_site import queue
from petitions import keeping_names, models, verifying
from supporters.tasks import ask_now_or_later, with_backoff


@app.task(retry=with_backoff)
def ask_signer(signature_pk, was_held=False):
    signature = (
        models.Signature.objects.select_related(
            "petition__campaign", "confirmation__supporter"
        )
        .filter(pk=signature_pk)
        .first()
    )
    # None: deleted, or erased by its owner, meanwhile.
    if signature is not None and (not was_held or signature.let_pass()):
        ask_now_or_later(signature, ask_signer, signature_pk=signature_pk)


def ask_signers(signature_pks):
    """Queue the mails to many, as many a minute as the mail service takes.

    In a statement for each minute, and behind the mails that somebody waits for.
    """
    minutes = batched(signature_pks, settings.FOLLOW_MAILS_A_MINUTE, strict=False)
    in_a_minute = None
    for minute, pks in enumerate(minutes):
        if minute == 1:
            in_a_minute = queue.at(timezone.now() + timedelta(minutes=1))
        at = in_a_minute and in_a_minute + timedelta(minutes=minute - 1)
        later = ask_signer.configure(schedule_at=at, priority=-5)
        later.batch_defer(*[{"signature_pk": pk} for pk in pks])


@app.task(retry=with_backoff)
def compare_paper(batch_pk):
    batch = models.PaperBatch.objects.filter(pk=batch_pk).first()
    if batch is not None:
        batch.compare()


@app.task(retry=with_backoff)
def make_bundle(bundle_pk):
    bundle = models.Bundle.objects.filter(pk=bundle_pk).first()
    if bundle is not None:
        bundle.make()


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="fold_tally")
def fold_tally(timestamp):
    """Every ten seconds: at 2,000 signatures a minute, some 330 rows to add up."""
    models.TallyEntry.fold()


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="note_signed")
def note_signed(timestamp):
    """Just after midnight (UTC), before who has not confirmed is forgotten."""
    models.DayCount.note_signed()


@app.periodic(cron="23 4 * * *")
@app.task(queueing_lock="ask_about_names")
def ask_about_names(timestamp):
    """Each night (UTC), staff about names that wait for the handing over."""
    keeping_names.ask_staff()


@app.periodic(cron="43 3 * * *")
@app.task(queueing_lock="verify_counts")
def verify_counts(timestamp):
    """Each night (UTC), after what has had its time is forgotten."""
    verifying.verify()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="start_reminders")
def start_reminders(timestamp):
    if models.Signature.objects.to_remind().exists():
        start_reminding()


def start_reminding(at=None):
    # Behind whatever somebody waits for, such as a confirmation; one at a time.
    later = remind_signers.configure(
        schedule_at=at and queue.at(at),
        lock="reminders",
        queueing_lock="reminders",
        priority=-10,
    )
    with suppress(AlreadyEnqueued):
        later.defer()


@app.task
def remind_signers():
    """Some seconds' worth of reminders; then whatever else waits gets its turn."""
    from petitions import reminders

    if at := reminders.work_through():
        start_reminding(at)


@app.task(retry=with_backoff)
def go_on_invalidating(invalidation_pk):
    models.Invalidation.objects.get(pk=invalidation_pk).go_on()


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="watch_signatures")
def watch_signatures(timestamp):
    """Each hour: is one place signing far more than it does, or one not confirming?"""
    from petitions import mail_health, trends

    trends.watch()
    mail_health.watch()
