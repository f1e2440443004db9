"""Whether an act waits for a person before anybody is mailed, and why."""

from django.utils.translation import gettext_lazy as _

from safeguards.blocks import Block
from safeguards.counters import HOUR, Limit, hit_and_ask
from safeguards.mailbox import MailDomain
from safeguards.network import Network, networks_of

HELD_FOR = {
    "flood": _("very many from one network"),
    "domain": _("very many with one mail domain"),
    "honeypot": _("filled in a field that people do not see"),
    "word": _("a word on the block list"),
    "address": _("an address on the block list"),
    "network": _("a network on the block list"),
}
# What holds an act for being one of many. Who has confirmed the address before is not
# one of them: the worker lets the act go on (decision 29).
FOR_BEING_MANY = ("flood", "domain")
ALLOWED_BY = {"flood": "allowed network", "domain": "allowed address"}
# Of a domain's share of an hour: half is the most that one network can use up of it;
# when all is used up, networks that sent more than a twentieth of it wait. Twice the
# share, from at least four networks, makes everybody of that domain wait.
ONE_NETWORK, NOTABLE, EVERYBODY_WAITS = 1 / 2, 1 / 20, 2


class _Counting:
    """The limits of one kind of act."""

    def __init__(self, act):
        self.networks = Limit(
            f"{act} of network",
            of=Network,
            window=HOUR,
            setting="LIMIT_ACTS_BEFORE_HELD",
        )
        self.domain_from_network = Limit(
            f"{act} of domain and network",
            of=(MailDomain, Network),
            window=HOUR,
            setting="LIMIT_ACTS_OF_DOMAIN",
            share=ONE_NETWORK,
        )
        self.domain = Limit(
            f"{act} of domain",
            of=MailDomain,
            window=HOUR,
            setting="LIMIT_ACTS_OF_DOMAIN",
        )

    def chains(self, networks, domain):
        yield self.networks(networks)
        if domain.key and not domain.is_shared:
            yield (
                *self.domain_from_network(domain, networks.widest),
                *self.domain(domain),
            )

    def reasons(self, counts):
        """Why these counts are too many: "flood", "domain", both or neither."""
        of = {}
        for counter, number in counts.items():
            of[counter.limit] = number
            if counter.limit is self.networks and number > counter.most:
                yield "flood"
        here, all_of_it = of.get(self.domain_from_network, 0), of.get(self.domain, 0)
        most = self.domain.most
        is_notable = here > most * NOTABLE or all_of_it > most * EVERYBODY_WAITS
        is_too_many = all_of_it > most and is_notable
        if here > self.domain_from_network.most or is_too_many:
            yield "domain"


def may_pass(act):
    """Whether an act that is held for being one of many need not wait after all.

    Whoever has confirmed the address before is no flood. The worker asks this, after
    the form was answered, so that no page tells whether an address is known.
    """
    supporter = act.confirmation.supporter
    return act.held_for in FOR_BEING_MANY and supporter.confirmed_at is not None


COUNTING = {act: _Counting(act) for act in ("signature", "letter", "follow", "comment")}


def reason_to_hold(request, act, *, email, text="", is_trapped=False):
    """One of HELD_FOR, or "" when it need not wait; counts the act.

    `text` is all that was typed and that others would read. What staff have allowed
    waits for no number. A filled honeypot is held, never dropped: browsers fill in
    hidden fields, too.
    """
    networks, counting = networks_of(request), COUNTING[act]
    counts, entries = hit_and_ask(
        counting.chains(networks, MailDomain(email)),
        *Block.objects.that_may_hold(email, networks),
    )
    kinds = {kind for kind, _value in entries}
    for reason in counting.reasons(counts):
        if ALLOWED_BY[reason] not in kinds:
            return reason
    if is_trapped:
        return "honeypot"
    found = [kind for kind, value in entries if Block.holds(kind, value, text)]
    return min(found, default="")
