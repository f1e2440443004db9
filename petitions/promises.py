"""What we promise to signers, and who keeps it."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from petitions.names import moderation
from petitions.names.inbox import NamesTab
from petitions.signing.models import Signature
from staff.promises import Promise
from supporters.promises import held


def promises():
    return [
        held(Signature, _("A moderator decides on signatures that are held")),
        _names(),
    ]


def _names():
    reports = moderation.reports().filter(subject_id=OuterRef("pk")).order_by("pk")
    return Promise(
        name="names",
        title=_("A moderator looks at doubtful and reported names"),
        rows=lambda: moderation.waiting().annotate(
            waits_since=Greatest(
                "confirmed_at", Subquery(reports.values("received_at")[:1])
            )
        ),
        since="waits_since",
        page=lambda: NamesTab().address,
    )
