"""What waits for a moderator or a counter, on the desk's first page."""

from functools import partial

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.one_campaign import page_in
from petitions.handover import keeping_names
from petitions.names import moderation
from petitions.names.inbox import NamesTab
from petitions.signing.models import Signature
from staff.waiting import Waiting, only_of
from supporters.acts import undecided
from supporters.acts.held_inbox import HeldTab


def waiting(user, campaign=None):
    found = []
    if user.has_perm(permission := "petitions.change_signature"):
        only_mine = partial(only_of, user, permission, campaign)
        signatures = only_mine(Signature.objects.all())
        number = signatures.held().count()
        words = ngettext(
            "signature held: release or reject it",
            "signatures held: release or reject them",
            number,
        )
        page = page_in(campaign, HeldTab().address)
        also = undecided.warning(signatures)
        found.append(Waiting(number, words, page, also))
        number = only_mine(moderation.waiting()).count()
        words = ngettext(
            "signer’s name to check: show or hide it",
            "signers’ names to check: show or hide them",
            number,
        )
        page = page_in(campaign, NamesTab().address)
        found.append(Waiting(number, words, page))
    if user.has_perm(permission := "petitions.change_petition"):
        undecided_on = only_of(user, permission, campaign, keeping_names.to_decide())
        undelivered = list(undecided_on[:2])
        number = undecided_on.count() if undelivered else 0
        words = ngettext(
            "petition has ended and is not handed over: we still keep its names",
            "petitions have ended and are not handed over: we still keep their names",
            number,
        )
        page = reverse("admin:petitions_petition_changelist")
        if number == 1:
            page = keeping_names.page_of(undelivered[0])
        found.append(Waiting(number, words, page))
    return found
