"""Tasks that queue updates."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from supporters.follow import mailings


@app.task(name="supporters.queue_mailing", queue="slow", retry=for_a_day)
def queue_mailing(mailing_pk):
    """Make an update's rows, one for each follower, from which the outbox collects."""
    found = mailings.Mailing.objects.select_related("update__campaign", "asked_by")
    found.get(pk=mailing_pk).queue()


@app.periodic(cron="* * * * *")
@app.task(name="supporters.sweep_mailings", queueing_lock="sweep_mailings")
def sweep_mailings(timestamp):
    """Queue what was asked for and is published by now."""
    for mailing in mailings.Mailing.objects.to_queue():
        mailing.begin_later()
