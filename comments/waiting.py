"""What waits for a moderator, on the desk's first page."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from campaigns.one_campaign import page_in
from comments.models.comment import Comment
from comments.rules import LIKELY_SPAM
from staff.waiting import Waiting, only_of
from supporters.acts import undecided
from supporters.notices.choices import Subject
from supporters.notices.models import Report

DECIDES = "comments.change_comment"


def waiting_in(campaigns):
    """How many comments wait in each of these campaigns, by campaign."""
    rows = Comment.objects.queued().filter(campaign__in=campaigns).order_by()
    return dict(rows.values_list("campaign").annotate(n=Count("pk")))


def waiting(user, campaign=None):
    if not user.has_perm(DECIDES):
        return []
    reports = Report.objects.to_decide().about(Subject.COMMENT, OuterRef("pk"))
    a_day = timezone.now() - timedelta(days=1)
    rows = only_of(user, DECIDES, campaign, Comment.objects.all())
    rows = rows.in_languages(user.reads_comments_in)  # as the desk has it
    numbers = (
        rows.queued()
        .order_by()
        .aggregate(
            total=Count("pk"),
            reported=Count("pk", filter=Exists(reports)),
            appeals=Count("pk", filter=Q(appealed_at__isnull=False, appeal_outcome="")),
            a_day=Count(
                "pk", filter=Q(spam_points__lt=LIKELY_SPAM, queued_at__lt=a_day)
            ),
        )
    )
    words = ngettext(
        "comment waits for a moderator",
        "comments wait for a moderator",
        numbers["total"],
    )
    also = gettext("Reported: %(reported)d. Appeals: %(appeals)d.") % numbers
    page = page_in(campaign, reverse("inbox", args=["comments"]))
    is_more = numbers["reported"] or numbers["appeals"]
    long = ngettext(
        "%d has waited for more than a day.",
        "%d have waited for more than a day.",
        numbers["a_day"],
    )
    waited = long % numbers["a_day"] if numbers["a_day"] else ""
    said = [also if is_more else "", waited, undecided.warning(rows)]
    return [Waiting(numbers["total"], words, page, " ".join(filter(None, said)))]
