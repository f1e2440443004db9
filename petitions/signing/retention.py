"""How long signatures are kept, and what of them."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from petitions.fraud.models import Invalidation
from petitions.petition import Petition
from petitions.signing.models import Signature
from supporters.acts import undecided
from supporters.models import Confirmation


def outdated():
    """Signatures to be deleted: those that were never confirmed or never decided on,
    and those that for days have neither counted nor waited."""
    now = timezone.now()
    limit = now - timedelta(days=settings.KEEP_WITHDRAWN_DAYS)
    # Of many that are released at once, the last are mailed much later.
    just_released = now - timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
    unconfirmed = (
        Signature.objects.pending()
        .filter(confirmation__in=Confirmation.objects.outdated())
        .exclude(released_at__gte=just_released)
    )
    never_decided = Signature.objects.undecided(undecided.too_long_ago())
    return Signature.objects.filter(
        Q(pk__in=unconfirmed.values("pk"))
        | Q(pk__in=never_decided.values("pk"))
        | Q(withdrawn_at__lt=limit)
        | Q(rejected_at__lt=limit)
        | Q(
            confirmed_at__lt=limit,
            counted=False,
            withdrawn_at=None,
            invalidation=None,
        )
        | Q(invalidation__in=Invalidation.objects.final())
    )


def to_anonymise():
    """Counted signatures of petitions that need the names no longer."""
    return Signature.objects.counted().filter(
        anonymised_at=None, petition__in=Petition.objects.whose_names_go()
    )


def with_old_network_hash():
    limit = timezone.now() - timedelta(days=settings.KEEP_NETWORK_HASH_DAYS)
    return Signature.objects.filter(signed_at__lt=limit).exclude(network_hash=None)


def forget_network(signatures):
    return signatures.update(network_hash=None)
