"""The same words of one writer go to one official once (decision 43).

Who has confirmed a letter twice, or the same one again tomorrow, has written once. Of
such deliveries, one holds the place of its words: `Delivery.said`, which is unique in
the database. It keeps it whatever becomes of it, until a later letter takes it over;
and that can take over only from one that has failed, was stopped, or left long ago.
"""

import hmac
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from outbox.models import Outcome
from safeguards.mailbox import Mailbox
from safeguards.same_words import digest
from supporters.people.names import folded

DAYS = 30


def stop_repeats(letter, deliveries):
    """Of new deliveries that are not stored yet, stop those that repeat another one.

    The others hold the place of their words from now on. Call it while the mailbox of
    the writer is locked: of two letters at once, the second waits for the first.
    """
    now, taken, spoken = timezone.now(), set(), _who_says_what(letter)
    for delivery in deliveries:
        delivery.said = _hash(spoken, delivery.recipient)
    same = type(deliveries[0]).objects.filter(
        said__in=[delivery.said for delivery in deliveries]
    )
    if same.exists():
        # In the condition of the statement itself, so that one that is sent again at
        # this moment keeps its place.
        same.exclude(_goes_or_went(now)).update(said=None)
        taken = {bytes(said) for said in same.values_list("said", flat=True)}
    for delivery in deliveries:
        if delivery.said in taken:
            delivery.said, delivery.is_repeat = None, True
            delivery.outcome, delivery.settled_at = Outcome.STOPPED, now
        else:
            taken.add(delivery.said)


def _who_says_what(letter):
    """Equal for two letters in which one person says the same.

    A person is a name at a mailbox, in any spelling of both: two of a family share
    their mailbox.
    """
    who = Mailbox(letter.confirmation.email).seat
    name = folded(letter.name) or letter.name
    words = letter.text.replace(letter.signature, "")
    return f"{who}\n{name}\n{digest(words) or words}"


def _hash(spoken, recipient):
    """An official is somebody in an office, at an address: it is theirs on another
    list, too, and not their successor's."""
    whom = f"{Mailbox(recipient.email).seat}\n{recipient.label.casefold()}"
    secret = b"letters once" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, f"{spoken}\n{whom}".encode(), sha256)[:16]


def _goes_or_went(now):
    """On its way; or it left within these days, and has not come back."""
    left = Q(outcome__in=[Outcome.SENT, Outcome.IN_DOUBT], bounced_at=None)
    return Q(outcome="") | left & Q(settled_at__gt=now - timedelta(days=DAYS))
