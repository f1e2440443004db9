"""Public numbers of what moderators did, by month, and of how long comments wait."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from comments.models.comment import Comment
from comments.models.moderation import Moderation
from comments.reasons import HIDING_REASONS
from comments.state import READABLE, CommentState

MONTHS = 12


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass
class Month:
    """One month's numbers; `hidden` counts by the reason's words, without zeros."""

    month: date
    received: int = 0
    shown: int = 0
    removed: int = 0
    appeals: int = 0
    appeals_granted: int = 0
    median_wait: timedelta | None = None
    hidden: dict = field(default_factory=dict)

    @property
    def hidden_total(self):
        return sum(self.hidden.values())


def by_month():
    """The last twelve months that have a comment, newest first, in three statements.

    Comments count in the month in which they came, with what became of them by now.
    Hidings count in the month of the decision, without those that were undone.
    """
    since = timezone.now() - timedelta(days=31 * MONTHS)
    received = (
        Comment.objects.but_repeats()
        .written_here()
        .filter(created_at__gte=since, is_answer=False)
    )
    months = {
        row.pop("month").date(): row
        for row in received.annotate(month=TruncMonth("created_at"))
        .values("month")
        .order_by("month")
        .annotate(
            received=Count("pk"),
            shown=Count("pk", filter=READABLE),
            removed=Count("pk", filter=Q(state=CommentState.REMOVED)),
            appeals=Count("pk", filter=Q(appealed_at__isnull=False)),
            appeals_granted=Count("pk", filter=Q(appeal_outcome="granted")),
            median_wait=Median(_wait(), filter=Q(first_decided_at__isnull=False)),
        )
    }
    found = {month: Month(month, **row) for month, row in months.items()}
    hidings = (
        Moderation.objects.filter(
            decision="hide", undone_at=None, at__gte=since, comment__is_answer=False
        )
        .annotate(month=TruncMonth("at"))
        .values("month", "reason")
        .order_by()
        .annotate(number=Count("pk"))
    )
    for row in hidings:
        month = row["month"].date()
        entry = found.setdefault(month, Month(month))
        entry.hidden[HIDING_REASONS[row["reason"]]] = row["number"]
    return sorted(found.values(), key=lambda m: m.month, reverse=True)[:MONTHS]


def _wait():
    return ExpressionWrapper(
        F("first_decided_at") - F("created_at"), output_field=DurationField()
    )
