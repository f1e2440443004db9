"""What a report on a mail to an official says of their address, and who is believed.

A report by mail proves nothing, since anybody who is forwarded a letter can write one.
After one such report, campaigners are told, and letters go on.
"""

from itertools import groupby

from django.utils.translation import gettext

from letters.sending.querysets import ALONE, TOGETHER
from outbox.bounce_reports import reports_since
from outbox.models import Outcome, OutgoingMail

# Letters stop after so many mails in a row that came back, though not for good.
SOFT_BOUNCES = 3
# Only so many newest mails are read.
_NEWEST_MAILS = 50


def note_bad_address(mail, recipient, words, *, is_proven=True):
    """Leave this address out of later letters; one entered meanwhile stays.

    A report by mail is believed if it is on the only mail of the last days, or if it is
    the second.
    """
    if recipient.email != mail.email:
        return
    others = _others_left(mail)
    is_alone = not mail.accepted_at and not others.exists()
    if is_proven or is_alone or others.filter(bounced_at__isnull=False).exists():
        recipient.mark_bounced(words)
    else:
        recipient.warn_of_bounce(words)


def note_soft_bounce(mail, recipient, words):
    """Leave this address out of later letters if it is the third such mail in a row.

    A mail that did not come back ends the row.
    """
    if recipient.email != mail.email:
        return
    if _row_of(mail) >= SOFT_BOUNCES:
        reason = gettext("%(number)d emails in a row came back: %(words)s")
        recipient.mark_bounced(reason % {"number": SOFT_BOUNCES, "words": words})


def note_complaint(mail, recipient, *, is_proven):
    """Note that somebody has called a letter spam, who therefore got it.

    A second mail's report stops the letters to this address, and so does a mail
    service's own word.
    """
    if recipient.email != mail.email:
        return
    if is_proven or _others_left(mail).filter(complained_at__isnull=False).exists():
        recipient.note_complaint()
    else:
        recipient.warn_of_complaint()


def _others_left(mail):
    """The other mails with letters to this address, while reports still count."""
    others = _left(mail.email).exclude(pk=mail.pk)
    return others.filter(settled_at__gte=reports_since())


def _row_of(mail):
    """How many mails in a row to this address came back, this one included."""
    newest = _left(mail.email).order_by("-settled_at", "-pk")
    known = newest.values_list("pk", "bounced_at")[:_NEWEST_MAILS]
    # This report is noted at the mail only later, so the mail is matched by its key.
    rows = groupby(known, key=lambda row: row[0] == mail.pk or row[1] is not None)
    keys = ([pk for pk, _at in row] for _came_back, row in rows)
    return next((len(row) for row in keys if mail.pk in row), 0)


def _left(email):
    """The mails with letters to this address that our relay has taken."""
    mails = OutgoingMail.objects.to_address(email)
    return mails.filter(purpose__in=[ALONE, TOGETHER], outcome=Outcome.SENT)
