"""The names of signers that wait for a moderator."""

from django.db.models import Exists, OuterRef

from petitions.names.shown_as import ShownAs
from petitions.signing.models import Signature
from supporters.notices.choices import Subject
from supporters.notices.models import Report


def reports():
    """What was reported of names, and waits."""
    return Report.objects.to_decide().filter(subject=Subject.NAME)


def waiting():
    """Counted signatures whose name is doubtful or was reported."""
    doubtful = Signature.objects.filter(
        name_hidden_at__isnull=False, name_decided_at=None
    )
    # For an OR, PostgreSQL would read every signature.
    keys = doubtful.values("pk").union(reports().values("subject_id"))
    return _to_be_shown().filter(pk__in=keys)


def in_turn(signatures):
    """Those with a notice of illegal content first, then those who wait longest."""
    notices = reports().notices().filter(subject_id=OuterRef("pk"))
    return signatures.order_by(Exists(notices).desc(), "confirmed_at", "pk")


def hidden():
    """Counted signatures whose name a moderator has hidden."""
    return _to_be_shown().filter(
        name_hidden_at__isnull=False, name_decided_at__isnull=False
    )


def _to_be_shown():
    return Signature.objects.counted().exclude(shown_as=ShownAs.NO)
