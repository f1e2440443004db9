"""What a report on a mail to an official says of their address, and who is believed.

A report by mail proves nothing, since anybody who is forwarded a letter can write one.
After one such report, campaigners are told, and letters go on.
"""

from letters.sending.querysets import ALONE, TOGETHER
from outbox.bounce_reports import reports_since
from outbox.models import Outcome, OutgoingMail


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
        recipient.warn_of_bounce()


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
    others = OutgoingMail.objects.to_address(mail.email).exclude(pk=mail.pk)
    return others.filter(
        purpose__in=[ALONE, TOGETHER],
        outcome=Outcome.SENT,
        settled_at__gte=reports_since(),
    )
