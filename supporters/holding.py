"""Whether an act waits for a person before anybody is mailed, and why."""

from django.utils.translation import gettext_lazy as _

from campaign_site import limits
from supporters import models

HELD_FOR = {
    "flood": _("very many from one network"),
    "domain": _("very many with one mail domain"),
    "honeypot": _("filled in a field that people do not see"),
    "word": _("a word on the block list"),
    "address": _("an address on the block list"),
    "network": _("a network on the block list"),
}


def reason_to_hold(request, act, *, email, text="", is_trapped=False):
    """One of HELD_FOR, or "" when it need not wait; counts the act.

    `text` is all that was typed and that others would read.
    """
    network = (limits.network(request), limits.network_hash(request))
    may_hold = models.Block.objects.that_may_hold(email=email, network=network)
    reason, blocks = limits.reason_to_hold(
        request, act, email=email, is_trapped=is_trapped, ask=may_hold
    )
    if reason:
        return reason
    kinds = [kind for kind, value in blocks if models.Block.holds(kind, value, text)]
    return min(kinds, default="")
