"""How many mails leave for one mail domain because strangers typed its addresses.

It is one allowance for all purposes that have one for a mailbox, since a catch-all
domain is one mailbox with endless names. What comes above it waits for the next hour.
The more of them the forms of one network have caused, the less of the allowance it may
use. So nobody is kept from confirming by a flood of their domain (decision 29).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db.models import F

from outbox.outgoing_mail import Outcome, OutgoingMail
from safeguards.blocks import Block
from safeguards.counters import HOUR, Limit, give_back, take_fairly
from safeguards.mailbox import Mailbox, MailDomain
from safeguards.network import Network

TO_DOMAIN = Limit(
    "mails to domain", of=MailDomain, window=HOUR, setting="LIMIT_MAILS_TO_DOMAIN"
)
FROM_NETWORK = Limit(
    "mails to domain from network",
    of=(MailDomain, Network),
    window=HOUR,
    setting="LIMIT_MAILS_TO_DOMAIN",
)
# What has reached the domain, or tried its addresses.
COUNTED = (Outcome.SENT, Outcome.REFUSED, Outcome.IN_DOUBT)


@contextmanager
def within_allowance(mails: Sequence[OutgoingMail]) -> Iterator[list[OutgoingMail]]:
    """Those of claimed mails that may leave in this hour; others are given back.

    Afterwards, what was not sent is given back to the domain, too.
    """
    kept, taken = list(mails), []
    for (whole, part), its in _counted(mails).items():
        granted = take_fairly(whole, part, len(its))
        taken.append((whole, part, its[:granted]))
        for mail in _put_off(its[granted:], whole):
            kept.remove(mail)
    try:
        yield kept
    finally:
        for whole, part, its in taken:
            if unused := sum(mail.outcome not in COUNTED for mail in its):
                give_back(part, whole, number=unused)


def _counted(mails):
    """The mails that count, by the counters of their domain and network."""
    by_counters = {}
    for mail in mails:
        domain = MailDomain(Mailbox(mail.email).key)
        # What the relay may have already is settled, whatever left meanwhile.
        if mail.kind.is_counted_by_domain and not (mail.dot_at or domain.is_shared):
            domain, network = domain.registered, Network((mail.network or b"").hex())
            counters = TO_DOMAIN(domain), FROM_NETWORK(domain, network)
            by_counters.setdefault(counters, []).append(mail)
    emails = {mail.email for its in by_counters.values() for mail in its}
    if not emails:
        return {}
    confirmed = set()
    for config in apps.get_app_configs():
        if hasattr(config, "confirmed_addresses"):
            confirmed.update(config.confirmed_addresses(emails))
    return {
        counters: unconfirmed
        for counters, its in by_counters.items()
        if (unconfirmed := [mail for mail in its if mail.email not in confirmed])
    }


def _put_off(mails, whole):
    """Give claimed mails back until the hour is over; returns those that wait."""
    if not mails:
        return []
    allowed = Block.objects.allowed({mail.email for mail in mails})
    waiting = [mail for mail in mails if mail.email not in allowed]
    mine = OutgoingMail.objects.open().filter(
        pk__in=[mail.pk for mail in waiting], claimed_at=mails[0].claimed_at
    )
    mine.update(claimed_at=None, tries=F("tries") - 1, due_at=whole[0].window_end)
    return waiting
