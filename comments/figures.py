"""How much is written under a campaign, and what became of it, for the desk."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from comments.state import READABLE, CommentState
from reporting.figures import Figure, OverTime, by_day


def figures():
    return [Figure("comments", _("Comments"), "comments.view_comment", comments)]


def comments(campaign, period):
    rows = campaign.comments.but_repeats().filter(**period.within("created_at"))
    rows = (
        rows.annotate(day=period.day_of("created_at"))
        .order_by()
        .values_list("day")
        .annotate(
            written=Count("pk"),
            shown=Count("pk", filter=READABLE),
            hidden=Count("pk", filter=Q(state=CommentState.HIDDEN)),
            waiting=Count("pk", filter=Q(queued_at__isnull=False)),
        )
    )
    labels = [_("Written"), _("Shown now"), _("Hidden now"), _("Waiting now")]
    return OverTime(
        by_day(rows, labels),
        period,
        note=_(
            "Counted on the day they were written, with replies and your own answers."
        ),
    )
