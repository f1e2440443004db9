from contextlib import suppress
from itertools import batched

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from campaign_site import mail, queue
from campaigns.models import Update
from safeguards.mail_allowance import MailLimitReached
from staff.models import User
from supporters import models, undecided, update_mail

LANE_SECONDS = 20

# Waits of 1, 2, 3 … minutes, a day in all: longer than a relay's bad night, and never
# much longer than the trouble lasted.
with_backoff = RetryStrategy(max_attempts=54, wait=60, linear_wait=60)


def ask_now_or_later(act, task, *, ask=None, **arguments):
    """Mail an act's question; when its address has had enough mails, after the hour.

    `ask` is what puts it, when it is not `act.ask` without more words.
    By then only the newest question about the same act is put: what somebody else
    typed a hundred times must not become a hundred mails. An act that was held when it
    was queued is asked about only when it passes: a moderator's release queues another.
    """
    try:
        (ask or act.ask)()
    except MailLimitReached as limit:
        # A visit to my page is its own question.
        if getattr(act, "confirmation", act).is_superseded:
            return
        queue.again(task, limit.may_send_at, **arguments)


@app.task(retry=with_backoff)
def ask_visitor(visit_pk):
    visit = models.Visit.objects.select_related("supporter").filter(pk=visit_pk).first()
    if visit is not None:  # else erased, or forgotten, meanwhile
        ask_now_or_later(visit, ask_visitor, visit_pk=visit_pk)


@app.periodic(cron="31 3 * * *")
@app.task(lock="forget", queueing_lock="forget")
def forget(timestamp):
    """Each night (UTC) all that has had its time, in every app; never two at once."""
    models.Night.spend()


@app.periodic(cron="13 4 * * *")
@app.task(queueing_lock="tell_owners")
def tell_owners(timestamp):
    """Each night (UTC), whose acts wait for a person and are deleted soon."""
    owners = undecided.owners_to_tell().values_list("pk", flat=True)
    for some in batched(owners.iterator(), 1_000, strict=False):
        # Behind whatever somebody waits for.
        later = tell_owner.configure(priority=-10)
        later.batch_defer(*({"supporter_pk": pk} for pk in some))


@app.task(retry=with_backoff)
def tell_owner(supporter_pk):
    supporter = models.Supporter.objects.filter(pk=supporter_pk).first()
    if supporter is not None:  # else erased meanwhile
        undecided.tell(supporter)


@app.task(retry=with_backoff)
def ask_follower(follow_pk, was_held=False):
    follow = (
        models.Follow.objects.select_related("campaign", "confirmation__supporter")
        .filter(pk=follow_pk)
        .first()
    )
    # None: deleted, or erased by its owner, meanwhile.
    if follow is not None and (not was_held or follow.let_pass()):
        ask_now_or_later(follow, ask_follower, follow_pk=follow_pk)


@app.task(retry=with_backoff)
def queue_mailing(mailing_pk):
    """An update's rows, one for each follower; and the first of them leave."""
    mailing = models.Mailing.objects.select_related("update__campaign").get(
        pk=mailing_pk
    )
    mailing.queue()
    start_lanes()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep_mailings")
def sweep_mailings(timestamp):
    """Queue what was asked for and is published by now, and send what is due: a day's
    mails in the morning, retries, what was paused, what a dead worker left behind."""
    for mailing in models.Mailing.objects.to_queue():
        mailing.queue_later()
    start_lanes()


def start_lanes():
    if not models.Copy.objects.due().exists():
        return
    for lane in range(settings.FOLLOW_MAIL_LANES):
        start_lane(lane)


def start_lane(lane):
    name = f"mails to followers {lane}"
    # Behind whatever somebody waits for, such as a confirmation.
    later = send_to_followers.configure(lock=name, queueing_lock=name, priority=-10)
    with suppress(AlreadyEnqueued):
        later.defer(lane=lane)


@app.task
def send_to_followers(lane):
    """Some seconds' worth of mails; then whatever else waits gets its turn."""
    from supporters import sending

    if sending.work_through(LANE_SECONDS):
        start_lane(lane)


@app.task(retry=with_backoff)
def send_test(update_pk, user_pk):
    """An update as its followers will get it, for who asked to see it."""
    update = Update.objects.select_related("campaign").filter(pk=update_pk).first()
    user = User.objects.filter(pk=user_pk).first()
    if update and user:
        mail.message(user.email, *update_mail.sample(update)).send()
