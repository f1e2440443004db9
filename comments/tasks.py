from procrastinate.contrib.django import app

from comments import desk_mail, models
from supporters.tasks import ask_now_or_later, with_backoff


@app.task(retry=with_backoff)
def ask_writer(comment_pk):
    if comment := _comment(comment_pk):
        ask_now_or_later(comment, ask_writer, comment_pk=comment_pk)


@app.task(retry=with_backoff)
def tell(comment_pk):
    if comment := _comment(comment_pk):
        comment.tell()


@app.periodic(cron="3 7 * * *")
@app.task(queueing_lock="send_comment_digests")
def send_comment_digests(timestamp):
    """Each morning (UTC) what waits for the moderators; nothing when nothing does."""
    for pk in desk_mail.moderators_to_mail():
        send_digest.defer(user_pk=pk)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="alert_comment_moderators")
def alert_comment_moderators(timestamp):
    """At once when something has waited longer than it should."""
    for pk in desk_mail.moderators_to_alert():
        send_digest.defer(user_pk=pk, is_alert=True)


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
