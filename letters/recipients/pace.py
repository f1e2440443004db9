"""How many letters an official gets in an hour, and when, so that none floods an inbox.

A mail with letters takes its turn before it leaves: after the mail before it to the
same official, whatever campaign that was of, and in office hours if its letter keeps
them. A turn that has passed unused, as when a campaign was paused, is taken anew.
"""

import random
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from letters.recipients.models import Recipient
from outbox.models import OutgoingMail

HOUR = timedelta(hours=1)
# A turn is good for so long. A worker that was away takes new turns, and sends no
# flood.
TURN_LASTS = timedelta(minutes=10)
# How much longer than needed a wait may be: letters do not come like clockwork.
JITTER = 0.5


def take_turn(mail, recipient, *, in_office_hours):
    """Give a mail that is due to a recipient its turn; returns when, None for now.

    Nothing is done while its turn lasts, or where nothing is limited. If its turn is
    still to come, staff have let it leave earlier.
    """
    now, most = timezone.now(), settings.LETTERS_AN_HOUR
    if _lasts(mail.turn_at, now) or not (most or in_office_hours):
        return None
    apart = HOUR / most if most else timedelta()
    with transaction.atomic():
        people = Recipient.objects.select_for_update(no_key=True)
        next_at = people.values_list("next_letter_at", flat=True).get(pk=recipient.pk)
        # The worker that has lost the lease may have been first: one mail, one turn.
        mine = OutgoingMail.objects.open().filter(pk=mail.pk)
        mail.turn_at = mine.values_list("turn_at", flat=True).first()
        if _lasts(mail.turn_at, now):
            return mail.turn_at if mail.turn_at > now else None
        turn = max(now, next_at or now)
        if turn > now:
            turn += random.random() * JITTER * apart
        if in_office_hours:
            turn = recipient.list.office_hours.next_open(turn)
        people.filter(pk=recipient.pk).update(next_letter_at=turn + apart)
        mine.update(turn_at=turn)
        mail.turn_at = turn
    return turn if turn > now else None


def _lasts(turn, now):
    return turn is not None and turn > now - TURN_LASTS
