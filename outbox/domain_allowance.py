"""How many mails leave for one mail domain because strangers typed its addresses.

It is one allowance for all purposes that strangers can cause, since a catch-all domain
is one mailbox with endless names. It begins small, and grows with each mailbox of the
domain that confirms something: so a school is served, and who floods a domain that is
not theirs gains nothing. What comes above it waits for two minutes, and asks again. The
more of them the forms of one network have caused, the less of the allowance it may use.
So nobody is kept from confirming by a flood of their domain (decision 29).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import transaction
from django.db.models import F, Q

from outbox.outgoing_mail import Outcome, OutgoingMail
from outbox.purposes import all_purposes
from safeguards.blocks import Block
from safeguards.counters import (
    DAY,
    MINUTE,
    Chain,
    Limit,
    count,
    give_back,
    hit,
    hit_and_ask,
    take_fairly,
)
from safeguards.mailbox import Mailbox, MailDomain
from safeguards.network import Network

# So many short windows are one hour, wherever in a window it begins.
SHORT, AN_HOUR = 2 * MINUTE, 31
TO_DOMAIN = Limit(
    "mails to domain",
    of=MailDomain,
    window=SHORT,
    windows=AN_HOUR,
    setting="LIMIT_MAILS_TO_DOMAIN",
)
FROM_NETWORK = Limit(
    "mails to domain from network",
    of=(MailDomain, Network),
    window=SHORT,
    windows=AN_HOUR,
    setting="LIMIT_MAILS_TO_DOMAIN",
)
CONFIRMED = Limit(
    "mailboxes confirmed in domain",
    of=MailDomain,
    window=SHORT,
    windows=AN_HOUR,
    setting="LIMIT_MAILS_TO_DOMAIN",
)
# It is of a domain, too: otherwise who erases their data would count anew.
MAILBOX_CONFIRMED = Limit(
    "mailbox confirmed in domain",
    of=(MailDomain, Mailbox),
    window=DAY,
    setting="LIMIT_MAILS_TO_DOMAIN",
)
# Half of it is for one network. So 15 who confirm let 30 neighbours be asked.
MORE_FOR_EACH_CONFIRMED = 4
# What has reached the domain, or tried its addresses.
COUNTED = (Outcome.SENT, Outcome.REFUSED, Outcome.IN_DOUBT)
# How many mails that wait are put off by one statement.
PUT_OFF = 1000


def note_confirmed(email: str) -> None:
    """Let a domain have more mails, since the owner of a mailbox there said yes.

    This is done once the transaction that is running is committed. A mailbox counts
    once a day, in all its spellings, whatever it confirms.
    """
    transaction.on_commit(lambda: _grow(Mailbox(email)), robust=True)


def _grow(mailbox):
    domain = MailDomain(mailbox.key)
    if domain.is_shared:
        return
    counts, _answers = hit_and_ask([MAILBOX_CONFIRMED(domain.registered, mailbox)])
    if 1 in counts.values():
        hit(CONFIRMED(domain.registered))


@contextmanager
def within_allowance(mails: Sequence[OutgoingMail]) -> Iterator[list[OutgoingMail]]:
    """Those of claimed mails that may leave in this hour; others are given back.

    Afterwards, what was not sent is given back to the domain, too.
    """
    kept, taken = list(mails), []
    for (domain, network), its in _counted(mails).items():
        whole, part = TO_DOMAIN(domain), FROM_NETWORK(domain, network)
        more = MORE_FOR_EACH_CONFIRMED * count(CONFIRMED(domain))
        granted = take_fairly(whole, part, len(its), more=more)
        taken.append((whole, part, its[:granted]))
        if refused := its[granted:]:
            kept = [mail for mail in kept if mail not in refused]
            is_used_up = count(whole) >= whole[0].most + more
            _put_off(refused, whole)
            _put_off_others(refused[0], domain, whole, of_all_networks=is_used_up)
    try:
        yield kept
    finally:
        for whole, part, its in taken:
            if unused := sum(mail.outcome not in COUNTED for mail in its):
                give_back(part, whole, number=unused)


def _counted(mails):
    """The mails that count, by the domain and network for which they do.

    Who has confirmed the address before, or is allowed by staff, neither waits nor
    takes anything.
    """
    found = [mail for mail in mails if mail.kind.is_counted_by_domain]
    # What the relay may have already is settled, whatever left meanwhile.
    found = [mail for mail in found if not (mail.dot_at or _domain(mail).is_shared)]
    emails = {mail.email for mail in found}
    if not emails:
        return {}
    free = set(Block.objects.allowed(emails))
    for config in apps.get_app_configs():
        if hasattr(config, "confirmed_addresses"):
            free.update(config.confirmed_addresses(emails))
    counted = {}
    for mail in found:
        if mail.email not in free:
            network = Network((mail.network or b"").hex())
            counted.setdefault((_domain(mail).registered, network), []).append(mail)
    return counted


def _domain(mail):
    return MailDomain(Mailbox(mail.email).key)


def _put_off(claimed: Sequence[OutgoingMail], whole: Chain) -> None:
    """Give claimed mails back until the allowance may have grown."""
    mine = OutgoingMail.objects.open().filter(
        pk__in=[mail.pk for mail in claimed], claimed_at=claimed[0].claimed_at
    )
    mine.update(claimed_at=None, tries=F("tries") - 1, due_at=whole[0].window_end)


def _put_off_others(refused, domain, whole, *, of_all_networks):
    """Put off what would be refused like this mail.

    So the work of two minutes hardly grows with what a flood has left in the queue.
    """
    due = OutgoingMail.objects.due().filter(
        Q(domain=domain.key) | Q(domain__endswith=f".{domain.key}"),
        purpose__in=[
            n for n, each in all_purposes().items() if each.is_counted_by_domain
        ],
        claimed_at=None,
    )
    if not of_all_networks:
        due = due.filter(network=refused.network)
    with transaction.atomic():
        # Another worker may be doing the same.
        others = due.order_by("pk").select_for_update(skip_locked=True)[:PUT_OFF]
        keys = [mail.pk for its in _counted(others).values() for mail in its]
        mine = OutgoingMail.objects.filter(pk__in=keys)
        mine.update(due_at=whole[0].window_end)
