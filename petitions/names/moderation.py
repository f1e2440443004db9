"""The names of signers that wait for a moderator."""

from django.db.models import Exists, OuterRef

from petitions.names.models import NameReport
from petitions.names.shown_as import ShownAs
from petitions.signing.models import Signature


def waiting():
    """Counted signatures whose name is doubtful or was reported."""
    doubtful = Signature.objects.filter(
        name_hidden_at__isnull=False, name_decided_at=None
    )
    # For an OR, PostgreSQL would read every signature.
    keys = doubtful.values("pk").union(NameReport.objects.open().values("signature"))
    return _to_be_shown().filter(pk__in=keys)


def in_turn(signatures):
    """Those with a notice of illegal content first, then those who wait longest."""
    notices = NameReport.objects.open().exclude(notice=None)
    return signatures.order_by(
        Exists(notices.filter(signature=OuterRef("pk"))).desc(), "confirmed_at", "pk"
    )


def hidden():
    """Counted signatures whose name a moderator has hidden."""
    return _to_be_shown().filter(
        name_hidden_at__isnull=False, name_decided_at__isnull=False
    )


def _to_be_shown():
    return Signature.objects.counted().exclude(shown_as=ShownAs.NO)
