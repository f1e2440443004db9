"""The pace of mails to a domain that has begun to refuse: a tenth of all that leave.

What somebody waits for goes first, and letters; mailings have what is left
(claiming.py). So confirmations leave, whatever made the domain refuse.
"""

from collections.abc import Sequence

from outbox.outgoing_mail import OutgoingMail
from outbox.paused_domains import PausedDomain
from outbox.sending import unclaim
from safeguards.counters import MINUTE, Limit, take
from safeguards.mailbox import MailDomain

SLOWED = Limit(
    "slowed domain",
    of=MailDomain,
    window=MINUTE,
    setting="MAILS_A_MINUTE",
    share=0.1,
    least=1,
)


def in_pace(mails: Sequence[OutgoingMail]) -> list[OutgoingMail]:
    """Those of claimed mails that may leave in this minute; others are given back."""
    slow = PausedDomain.objects.filter(
        is_slow=True, domain__in={m.domain for m in mails}
    )
    kept = list(mails)
    for paused in slow:
        # What the relay may have already is settled, at whatever pace.
        its = [m for m in kept if m.domain == paused.domain and m.dot_at is None]
        [counter] = SLOWED(MailDomain(f"@{paused.domain}"))
        granted = take((counter,), len(its))
        if granted == len(its):
            continue
        take((counter,), granted - len(its))
        its.sort(key=lambda mail: mail.due_at)
        for mail in its[granted:]:
            unclaim(mail)
            kept.remove(mail)
        PausedDomain.objects.filter(pk=paused.pk).update(full_until=counter.window_end)
    return kept
