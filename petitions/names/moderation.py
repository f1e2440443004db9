"""The names of signers that wait for a moderator."""

from petitions.names.models import NameReport
from petitions.names.shown_as import ShownAs
from petitions.signing.models import Signature


def waiting():
    """Counted signatures whose name is doubtful or was reported."""
    doubtful = Signature.objects.filter(
        name_hidden_at__isnull=False, name_decided_at=None
    )
    # For an OR, PostgreSQL would read every signature.
    keys = doubtful.values("pk").union(NameReport.objects.values("signature"))
    return _to_be_shown().filter(pk__in=keys)


def hidden():
    """Counted signatures whose name a moderator has hidden."""
    return _to_be_shown().filter(
        name_hidden_at__isnull=False, name_decided_at__isnull=False
    )


def _to_be_shown():
    return Signature.objects.counted().exclude(shown_as=ShownAs.NO)
