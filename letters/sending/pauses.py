"""What makes letters wait: a paused domain or campaign, or what their recipient wants.

The functions are conditions on the rows of deliveries and parcels.
"""

from django.db.models import Exists, OuterRef

from letters.recipients.models import Recipient
from letters.suggested.models import SuggestedLetter
from outbox.models import PausedDomain


def domain_is_paused():
    return Exists(PausedDomain.objects.filter(domain=OuterRef("domain")))


def campaign_is_paused():
    """For deliveries alone: a parcel may hold the letters of several campaigns."""
    paused = SuggestedLetter.objects.filter(paused_at__isnull=False)
    return Exists(paused.filter(letters=OuterRef("letter")))


def recipient_wants_none():
    paused = Recipient.objects.filter(rhythm=Recipient.Rhythm.PAUSED)
    return Exists(paused.filter(pk=OuterRef("recipient")))


def recipient_has_complained():
    complained = Recipient.objects.filter(complained_at__isnull=False)
    return Exists(complained.filter(pk=OuterRef("recipient")))
