"""Mails to the moderators: a digest of what waits, an alert on what waits too long."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from comments.admin.queue import KINDS, kind_of
from comments.models.comment import Comment
from comments.models.subscription import CommentSubscription
from comments.rules import LIKELY_SPAM
from comments.state import CommentState
from comments.waiting import DECIDES
from outbox.mail import write
from outbox.models import Outcome, OutgoingMail
from outbox.purposes import BULK, NOTICE, Nothing, Purpose, register
from pages.addresses import absolute_reverse
from staff.models import User
from staff.reach import within

MOST_LINKS = 10


def moderators_to_mail():
    """The moderators who get today's digest; none when nothing waits."""
    if not Comment.objects.queued().exists():
        return User.objects.none()
    return _moderators()


def moderators_to_alert():
    """Moderators not told yet that something other than likely spam waits too long."""
    limit = _too_long_ago()
    late = Comment.objects.queued().filter(spam_points__lt=LIKELY_SPAM)
    if not late.filter(queued_at__lt=limit).exists():
        return User.objects.none()
    told = CommentSubscription.objects.filter(user__isnull=False, alerted_at__gt=limit)
    return _moderators().exclude(pk__in=told.values("user"))


@register
class CommentDigest(Purpose):
    """What waits for a moderator, about the key of their account.

    It raises Nothing when nothing waits in the campaigns of the moderator, or when they
    have stopped such mails.
    """

    name = "comment_digest"
    title = _("Digest for moderators")
    policy = BULK
    is_alert = False

    def compose(self, mail):
        user = _moderators().filter(pk=mail.about, email=mail.email).first()
        if user is None:
            raise Nothing
        waiting = within(user, Comment.objects.queued(), DECIDES)
        numbers = _numbers(waiting)
        if not (numbers["total"] or numbers["spam"]):
            raise Nothing
        language = user.reads
        context = {
            **numbers,
            **_longest_waiting(waiting, numbers["total"], language),
            "is_alert": self.is_alert,
            "hours": settings.COMMENT_LONGEST_WAIT_HOURS,
            "desk_url": absolute_reverse("admin:comments_desk", language),
            "stop_url": CommentSubscription.objects.of(user).stop_url(language),
        }
        return write(mail.email, "comment_digest", context, language)

    def may_leave(self, mail):
        return _moderators().filter(pk=mail.about, email=mail.email).exists()


@register
class CommentAlert(CommentDigest):
    """What waits, mailed at once when something has waited too long."""

    name = "comment_alert"
    title = _("Alert to moderators")
    policy = NOTICE
    is_alert = True

    def settled(self, mail):
        if mail.outcome == Outcome.SENT:
            told = CommentSubscription.objects.filter(user=mail.about)
            told.update(alerted_at=Now())


@app.periodic(cron="3 7 * * *")
@app.task(name="comments.send_comment_digests", queueing_lock="send_comment_digests")
def send_comment_digests(timestamp):
    """Each day, mail the moderators what waits; nothing when nothing does."""
    _queue("comment_digest", moderators_to_mail())


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="comments.alert_comment_moderators", queueing_lock="alert_comment_moderators"
)
def alert_comment_moderators(timestamp):
    """Mail the moderators at once when something has waited longer than it should."""
    _queue("comment_alert", moderators_to_alert())


def _queue(purpose, moderators):
    OutgoingMail.objects.queue_many(purpose, moderators.values_list("pk", "email"))


def _numbers(waiting):
    """How many of these comments there are; likely spam has a number of its own."""
    is_spam = Q(spam_points__gte=LIKELY_SPAM)
    numbers = waiting.order_by().aggregate(
        total=Count("pk", filter=~is_spam),
        spam=Count("pk", filter=is_spam),
        reported=Count("pk", filter=~is_spam & Q(state=CommentState.SHOWN)),
        appeals=Count("pk", filter=~is_spam & Q(state=CommentState.HIDDEN)),
    )
    others = numbers["reported"] + numbers["appeals"]
    return {**numbers, "new": numbers["total"] - others}


def _longest_waiting(waiting, total, language):
    """Those that wait longest, each with its page on the desk.

    They show no words and no name, since others may read a mailbox.
    """
    others = waiting.filter(spam_points__lt=LIKELY_SPAM)
    first = others.select_related("campaign").order_by("queued_at", "pk")[:MOST_LINKS]
    rows = [
        {
            "words": KINDS[kind_of(comment)],
            "campaign": comment.campaign,
            "since": comment.queued_at,
            "url": absolute_reverse("admin:comments_desk", language, pk=comment.pk),
        }
        for comment in first
    ]
    return {"first": rows, "more": total - len(rows)}


def _too_long_ago():
    return timezone.now() - timedelta(hours=settings.COMMENT_LONGEST_WAIT_HOURS)


def _moderators():
    """Users who may decide on comments, have an address, and get these mails."""
    return (
        User.objects.who_may(DECIDES)
        .exclude(email="")
        .exclude(comment_subscription__stopped_at__isnull=False)
    )
