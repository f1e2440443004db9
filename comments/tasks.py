from contextlib import suppress
from functools import partial

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from comments import desk_mail, models, telling
from supporters.tasks import ask_now_or_later, with_backoff


@app.task(retry=with_backoff)
def ask_writer(comment_pk, insists=False):
    if comment := _comment(comment_pk):
        ask = partial(comment.ask, insists=insists)
        given = {"comment_pk": comment_pk, "insists": insists}
        ask_now_or_later(comment, ask_writer, ask=ask, **given)


@app.task(retry=with_backoff)
def tell_writer(comment_pk):
    if comment := _comment(comment_pk):
        telling.tell_writer(comment)


@app.task(retry=with_backoff)
def tell_of_reply(comment_pk):
    if comment := _comment(comment_pk):
        telling.tell_of_reply(comment)


@app.periodic(cron="3 7 * * *")
@app.task(queueing_lock="send_comment_digests")
def send_comment_digests(timestamp):
    """Each morning (UTC) what waits for the moderators; nothing when nothing does."""
    for pk in desk_mail.moderators_to_mail():
        send_digest.defer(user_pk=pk)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="tell_of_due_replies")
def tell_of_due_replies(timestamp):
    """The replies of a day or a week, each writer's in one mail."""
    for pk in telling.notices_with_replies_due():
        with suppress(AlreadyEnqueued):
            tell_of_replies.configure(queueing_lock=f"replies {pk}").defer(
                notices_pk=pk
            )


@app.task(retry=with_backoff)
def tell_of_replies(notices_pk):
    telling.tell_of_replies(notices_pk)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="alert_comment_moderators")
def alert_comment_moderators(timestamp):
    """At once when something has waited longer than it should."""
    for pk in desk_mail.moderators_to_alert():
        with suppress(AlreadyEnqueued):  # the relay has not taken the last one yet
            alert = send_digest.configure(queueing_lock=f"comment alert {pk}")
            alert.defer(user_pk=pk, is_alert=True)


@app.task(retry=with_backoff)
def send_digest(user_pk, is_alert=False):
    desk_mail.send_digest(user_pk, is_alert=is_alert)


def _comment(pk):
    return (
        models.Comment.objects.select_related(
            "campaign", "confirmation__supporter", "parent__confirmation__supporter"
        )
        .filter(pk=pk)
        .first()
    )
