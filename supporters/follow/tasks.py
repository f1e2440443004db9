"""The question to a follower, and when the mails to followers leave."""

from contextlib import suppress

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

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


@app.task(name="supporters.queue_mailing", retry=for_a_day)
def queue_mailing(mailing_pk):
    """An update's rows, one for each follower; and the first of them leave."""
    mailing = mailings.Mailing.objects.select_related("update__campaign").get(
        pk=mailing_pk
    )
    mailing.queue()
    start_senders()


@app.periodic(cron="* * * * *")
@app.task(name="supporters.sweep_mailings", queueing_lock="sweep_mailings")
def sweep_mailings(timestamp):
    """Queue what was asked for and is published by now, and send what is due: a day's
    mails in the morning, retries, what was paused, what a dead worker left behind."""
    for mailing in mailings.Mailing.objects.to_queue():
        mailing.queue_later()
    start_senders()


def start_senders():
    if not mailings.Copy.objects.due().exists():
        return
    for sender in range(settings.FOLLOW_MAIL_CONCURRENCY):
        start_sender(sender)


def start_sender(sender):
    """Queue the job with this number, of those that send at the same time."""
    name = f"mails to followers {sender}"
    # By its name: the module that sends knows this one. Behind whatever somebody waits
    # for, such as a confirmation.
    later = app.configure_task(
        "supporters.send_to_followers", lock=name, queueing_lock=name, priority=-10
    )
    with suppress(AlreadyEnqueued):
        later.defer(sender=sender)
