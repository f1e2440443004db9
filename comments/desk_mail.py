"""The mail to the moderators: a digest of what waits."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from comments.admin.queue import KINDS, kind_of
from comments.models.comment import Comment
from comments.rules import LIKELY_SPAM
from comments.state import CommentState
from comments.waiting import DECIDES
from outbox.mail import write
from outbox.models import OutgoingMail, Suppression
from outbox.purposes import BULK, Nothing, Purpose, register
from pages.addresses import absolute_reverse
from staff.models import User
from staff.reach import within
from supporters.acts.stopping import stop_url

MOST_LINKS = 10
DIGEST = "comment_digest"


def moderators_to_mail():
    """The moderators who get today's digest; none when nothing waits."""
    if not Comment.objects.queued().exists():
        return User.objects.none()
    return _moderators()


@register
class CommentDigest(Purpose):
    """What waits for a moderator, about the key of their account.

    It raises Nothing when nothing waits in the campaigns of the moderator, or when they
    have stopped such mails.
    """

    name = DIGEST
    title = _("Digest for moderators")
    policy = BULK

    def compose(self, mail):
        user = _moderators().filter(pk=mail.about, email=mail.email).first()
        stopped = Suppression.objects.against([mail.email])
        if user is None or (mail.email, DIGEST) in stopped:
            raise Nothing
        waiting = within(user, Comment.objects.queued(), DECIDES)
        numbers = _numbers(waiting)
        if not (numbers["total"] or numbers["spam"]):
            raise Nothing
        language = user.reads
        context = {
            **numbers,
            **_longest_waiting(waiting, numbers["total"], language),
            "desk_url": absolute_reverse("admin:comments_desk", language),
            "stop_url": stop_url(user, DIGEST, language),
        }
        return write(mail.email, "comment_digest", context, language)

    def may_leave(self, mail):
        return _moderators().filter(pk=mail.about, email=mail.email).exists()


@app.periodic(cron="3 7 * * *")
@app.task(name="comments.send_comment_digests", queueing_lock="send_comment_digests")
def send_comment_digests(timestamp):
    """Each day, mail the moderators what waits; nothing when nothing does."""
    pairs = moderators_to_mail().values_list("pk", "email")
    OutgoingMail.objects.queue_many(DIGEST, pairs)


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


def _moderators():
    """Users who may decide on comments, and have an address."""
    return User.objects.who_may(DECIDES).exclude(email="")
