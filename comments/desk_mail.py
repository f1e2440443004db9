"""What the moderators are mailed: what waits, and at once what waits too long."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from comments.models.comment import Comment
from comments.models.subscription import CommentSubscription
from comments.rules import LIKELY_SPAM
from database.retrying import for_a_day
from outbox import mail
from pages.addresses import absolute_reverse
from staff.models import User


def moderators_to_mail():
    """The keys of the moderators who get today's digest; none when nothing waits."""
    if not Comment.objects.queued().exists():
        return []
    return list(_moderators().values_list("pk", flat=True))


def moderators_to_alert():
    """Who has not been told yet that something, not likely spam, waits too long."""
    limit = _too_long_ago()
    late = Comment.objects.queued().filter(spam_points__lt=LIKELY_SPAM)
    if not late.filter(queued_at__lt=limit).exists():
        return []
    told = CommentSubscription.objects.filter(user__isnull=False, alerted_at__gt=limit)
    moderators = _moderators().exclude(pk__in=told.values("user"))
    return list(moderators.values_list("pk", flat=True))


@app.task(name="comments.send_digest", retry=for_a_day)
def send_digest(user_pk, *, is_alert=False):
    """Mail one moderator what waits, unless they have stopped such mails meanwhile."""
    user = _moderators().filter(pk=user_pk).first()
    waiting = Comment.objects.queued().order_by()
    numbers = waiting.aggregate(
        total=Count("pk"),
        spam=Count("pk", filter=Q(spam_points__gte=LIKELY_SPAM)),
        reported=Count("pk", filter=Q(shown_at__isnull=False)),
        appeals=Count("pk", filter=Q(hidden_at__isnull=False)),
        oldest=Min("queued_at", filter=Q(spam_points__lt=LIKELY_SPAM)),
    )
    if user is None or not numbers["total"]:
        return
    subscription = CommentSubscription.objects.of(user)
    if (
        is_alert
        and subscription.alerted_at
        and subscription.alerted_at > _too_long_ago()
    ):
        return
    language = settings.LANGUAGE_CODE
    stop_url = subscription.stop_url(language)
    message = mail.write(
        user.email,
        "comment_digest",
        {
            **numbers,
            "new": numbers["total"] - numbers["reported"] - numbers["appeals"],
            "is_alert": is_alert,
            "hours": settings.COMMENT_LONGEST_WAIT_HOURS,
            "desk_url": absolute_reverse("admin:comments_desk", language),
            "stop_url": stop_url,
        },
        language,
    )
    mail.with_stop(message, stop_url)
    message.send()
    if is_alert:
        CommentSubscription.objects.filter(pk=subscription.pk).update(alerted_at=Now())


@app.periodic(cron="3 7 * * *")
@app.task(name="comments.send_comment_digests", queueing_lock="send_comment_digests")
def send_comment_digests(timestamp):
    """Each morning (UTC) what waits for the moderators; nothing when nothing does."""
    for pk in moderators_to_mail():
        send_digest.defer(user_pk=pk)


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="comments.alert_comment_moderators", queueing_lock="alert_comment_moderators"
)
def alert_comment_moderators(timestamp):
    """At once when something has waited longer than it should."""
    for pk in moderators_to_alert():
        with suppress(AlreadyEnqueued):  # the relay has not taken the last one yet
            alert = send_digest.configure(queueing_lock=f"comment alert {pk}")
            alert.defer(user_pk=pk, is_alert=True)


def _too_long_ago():
    return timezone.now() - timedelta(hours=settings.COMMENT_LONGEST_WAIT_HOURS)


def _moderators():
    """Who may decide on comments, has an address, and has not stopped such mails."""
    return (
        User.objects.with_perm(
            "comments.change_comment",
            backend="django.contrib.auth.backends.ModelBackend",
        )
        .exclude(email="")
        .exclude(comment_subscription__stopped_at__isnull=False)
    )
