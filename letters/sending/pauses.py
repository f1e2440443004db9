"""What makes letters wait: a paused domain or campaign, or what their recipient wants.

The functions are conditions on the rows of deliveries.
"""

from django.db.models import Exists, OuterRef, Q

from letters.recipients.lists import RecipientList
from letters.recipients.models import Recipient
from letters.suggested.models import SuggestedLetter
from outbox.models import PausedDomain


def domain_is_paused():
    """The outbox lets a mail to it wait; here, so that the desk can say so."""
    return Exists(PausedDomain.objects.filter(domain=OuterRef("mail__domain")))


def campaign_is_paused():
    paused = SuggestedLetter.objects.filter(paused_at__isnull=False)
    return Exists(paused.filter(letters=OuterRef("letter")))


def recipient_wants_none():
    paused = Recipient.objects.filter(rhythm=Recipient.Rhythm.PAUSED)
    return Exists(paused.filter(pk=OuterRef("recipient")))


def recipient_has_complained():
    complained = Recipient.objects.filter(complained_at__isnull=False)
    return Exists(complained.filter(pk=OuterRef("recipient")))


def goes_together():
    """As `Delivery.goes_together` says of one."""
    wants_one_mail = Q(recipient__rhythm__in=Recipient.IN_ONE_MAIL)
    never = RecipientList.Cosigned.NEVER
    is_unchanged = ~Q(letter__text_digest="")
    return wants_one_mail | is_unchanged & ~Q(recipient__list__cosigned=never)
