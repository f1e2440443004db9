"""The question to a follower, and the queueing of updates."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from supporters.acts.tasks import mail_now_or_later
from supporters.follow import mailings, models


@app.task(name="supporters.mail_question", retry=for_a_day)
def mail_question(follow_pk, was_held=False):
    follow = (
        models.Follow.objects.select_related("campaign", "confirmation__supporter")
        .filter(pk=follow_pk)
        .first()
    )
    # None: deleted, or erased by its owner, meanwhile.
    if follow is not None and (not was_held or follow.let_pass()):
        mail_now_or_later(
            follow.mail_question, follow, mail_question, follow_pk=follow_pk
        )


@app.task(name="supporters.queue_mailing", queue="slow", retry=for_a_day)
def queue_mailing(mailing_pk):
    """An update's items, one for each follower, from which the outbox collects."""
    found = mailings.Mailing.objects.select_related("update__campaign")
    found.get(pk=mailing_pk).queue()


@app.periodic(cron="* * * * *")
@app.task(name="supporters.sweep_mailings", queueing_lock="sweep_mailings")
def sweep_mailings(timestamp):
    """Queue what was asked for and is published by now."""
    for mailing in mailings.Mailing.objects.to_queue():
        mailing.queue_later()
