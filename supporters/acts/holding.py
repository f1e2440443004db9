"""Whether an act waits for a person before anybody is mailed, and why."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.rows import rows_of
from pages.same_origin import TooManyPosts, uncounted_post
from safeguards.blocks import HOLDING
from safeguards.counters import HOUR, Limit, hit_and_ask
from safeguards.judging import question, verdict_of
from safeguards.network import Network, networks_of
from safeguards.public_text import REASONS, Verdict

# Why an act waits, whatever was typed.
WHATEVER_WAS_TYPED = {
    "flood": _("a lot from one network"),
    # Of acts that an earlier version held. Now their mails wait (decision 29).
    "domain": _("a lot with one mail domain"),
    "honeypot": _("filled in a field that people cannot see"),
    "address": _("an address on the block list"),
    "network": _("a network on the block list"),
}
HELD_FOR = {
    **WHATEVER_WAS_TYPED,
    "short": _("a very short letter"),
    "copies": _("the same words from many people"),
    **REASONS,
}
# Reasons for holding an act because it is one of many. They do not hold for somebody
# who has confirmed the address before: the worker lets that act go on (decision 29).
FOR_BEING_MANY = ("flood", "domain", "copies")


def posts_of(kind):
    """The limit that counts the posts of one kind of act, by its name."""
    return Limit(
        f"{kind} of network",
        of=Network,
        window=HOUR,
        setting="LIMIT_ACTS_BEFORE_HELD",
    )


def may_pass(act):
    """Whether an act that is held for being one of many need not wait after all.

    Somebody who has confirmed the address before is no flood. The worker asks this
    after the form was answered, so that no page tells whether an address is known.
    """
    supporter = act.confirmation.supporter
    return act.held_for in FOR_BEING_MANY and supporter.confirmed_at is not None


def what_holds(*reasons):
    """The one of these reasons by which an act waits; some of them may be "".

    A reason that a person has to look at comes before being one of many. Otherwise
    blocked acts could pass by being sent as a flood.
    """
    return min(filter(None, reasons), key=FOR_BEING_MANY.__contains__, default="")


def too_long_ago():
    """Acts that were held before this moment, without a decision, are deleted."""
    return timezone.now() - timedelta(days=settings.KEEP_HELD_DAYS)


@dataclass(frozen=True)
class Examination:
    """What was found about an act that comes in.

    `reasons` are why it waits, of HELD_FOR, whatever was typed. `verdict` is the one on
    what was typed. `blocks` are the entries of the block list that match, as (kind,
    value). `answers` are the kinds of all that was found in the database, also by a
    question of the caller's own. `over` are those counters of the caller that are over.
    """

    reasons: tuple
    verdict: Verdict
    blocks: tuple
    answers: frozenset
    over: tuple = ()

    @property
    def reason(self):
        """Why it waits, whatever was typed: one of HELD_FOR or ""."""
        return what_holds(*self.reasons)


def examine(request, kind, *, email, is_trapped=False, also=(), asks=(), **typed):
    """Look at an act of this kind that comes in, and count it; returns an Examination.

    `typed` is what others will read, as public_text() takes it; the caller decides what
    follows from what is found in it. `also` are counters of the caller's own, and
    `asks` its own questions (safeguards/judging.py), in the same statement. The
    counters of the post are in it, too. A network that staff have allowed waits for no
    number. An act with a filled honeypot is held, never dropped, since browsers fill in
    hidden fields, too. Raises TooManyPosts.
    """
    networks = networks_of(request)
    posts, post = kind.counting(networks), uncounted_post(request)
    counts, entries = hit_and_ask(
        filter(None, [posts, also, post]), *question(email, networks, asks)
    )
    over = {counter for counter, number in counts.items() if number > counter.most}
    if not over.isdisjoint(post):
        raise TooManyPosts
    reasons = []
    is_allowed = "allowed network" in dict(entries)
    if not (is_allowed or over.isdisjoint(posts)):
        reasons.append("flood")
    if is_trapped:
        reasons.append("honeypot")
    return _examination(entries, typed, reasons, tuple(filter(over.__contains__, also)))


def examine_again(*, email, networks, asks=(), **typed):
    """The same for an act that was counted before, such as a changed text."""
    return _examination(rows_of(*question(email, networks, asks)), typed)


def reason_to_hold(request, kind, **typed):
    """Why an act waits whose text makes it wait as a whole: one of HELD_FOR."""
    examined = examine(request, kind, **typed)
    return what_holds(*examined.reasons, examined.verdict.reason)


def _examination(entries, typed, reasons=(), over=()):
    blocks = tuple(sorted(entry for entry in entries if entry[0] in HOLDING))
    reasons = [*reasons, *dict(blocks)]
    verdict = verdict_of(entries, **typed) if typed else Verdict()
    answers = frozenset(dict(entries))
    return Examination(tuple(reasons), verdict, blocks, answers, over)
