"""The replies of a day or a week, each writer's in one mail."""

from contextlib import suppress

from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from comments.models.comment import Comment
from comments.models.subscription import CommentSubscription
from database.retrying import for_a_day


@app.periodic(cron="*/5 * * * *")
@app.task(name="comments.tell_of_due_replies", queueing_lock="tell_of_due_replies")
def tell_of_due_replies(timestamp):
    """The replies of a day or a week, each writer's in one mail."""
    for pk in subscriptions_with_replies_due():
        with suppress(AlreadyEnqueued):
            tell_of_replies.configure(queueing_lock=f"replies {pk}").defer(
                subscription_pk=pk
            )


def subscriptions_with_replies_due():
    """The keys of those who have replies to be told of by now."""
    due = Comment.objects.filter(reply_due_at__lte=timezone.now(), reply_told_at=None)
    owners = due.values("parent__confirmation__supporter")
    return list(
        CommentSubscription.objects.filter(supporter__in=owners).values_list(
            "pk", flat=True
        )
    )


@app.task(name="comments.tell_of_replies", retry=for_a_day)
def tell_of_replies(subscription_pk):
    """One mail with all replies to one writer that are due, if they still want it."""
    subscription = CommentSubscription.objects.select_related("supporter").get(
        pk=subscription_pk
    )
    due = Comment.objects.filter(
        parent__confirmation__supporter=subscription.supporter,
        reply_due_at__lte=timezone.now(),
        reply_told_at=None,
    ).select_related("campaign", "parent__confirmation__supporter", "confirmation")
    replies = list(due.order_by("pk"))
    shown = [reply for reply in replies if reply.is_shown and reply.parent.is_shown]
    if shown and subscription.stopped_at is None:
        first = shown[0].parent
        first.campaign = shown[0].campaign
        first.mails.send("comment_replies", {"replies": shown, "number": len(shown)})
    due.update(reply_told_at=Now())
