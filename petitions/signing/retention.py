"""How long signatures are kept, and what of them: a part of their declaration."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import ended
from database.kept import Kept, networks_kept
from supporters.acts.confirmations import UNCONFIRMED_AT_MOST

KEPT = (
    Kept(
        name="signatures",
        words=_("signatures that nobody confirmed in time, or that do not count"),
        period=(
            "KEEP_UNCONFIRMED_DAYS",
            "KEEP_HELD_DAYS",
            "KEEP_WITHDRAWN_DAYS",
            "UNDO_DAYS",
        ),
        since=("created_at", "confirmation__sent_at"),
        where=Q(confirmed_at=None),
        due="outdated",
        at_most=UNCONFIRMED_AT_MOST,
    ),
    networks_kept(
        "networks of signatures",
        _("scrambled forms of the networks of signatures"),
        since="created_at",
        empty=None,
    ),
    Kept(
        name="signers",
        words=_("names, cities and email addresses of signers"),
        period=(
            "KEEP_SIGNERS_MONTHS",
            "KEEP_AFTER_HANDOVER_DAYS",
            "KEEP_SIGNERS_AT_MOST_MONTHS",
        ),
        since=ended("petition__campaign"),
        # The index of the seats finds them; anonymous ones have no address in it.
        where=Q(counted=True, canonical_email__gt=""),
        due="to_anonymise",
        do="anonymise",
        at_most=("KEEP_SIGNERS_AT_MOST_MONTHS",),
    ),
)
