"""Finds the act that the address of its page, or the link in its mail, opens."""

from outbox.mailed_keys import DENIAL, LINK, Gone
from supporters.acts.confirmations import Confirmation, is_too_old


def by_page_token(kind, token):
    """The act of this kind whose "check your inbox" page has this token.

    The page closes some days after the form was sent, whatever became of the act:
    otherwise it would tell whoever typed the address that its owner has confirmed. Only
    of an act that a moderator has rejected it tells so, as long as the act is kept.
    Raises DoesNotExist, and Gone.
    """
    number, posted_at = Confirmation.in_page_token(token)
    act = asked_about(kind, number, posted_at)
    is_closed = is_too_old(posted_at) and not act.rejected_at
    if is_closed or act.confirmation.replaced_at:
        raise Gone(posted_at)
    return act


def by_mail_token(kind, token, what=LINK):
    """The act of this kind whose question has this token in its link.

    It may be confirmed already: its link then leads its owner on. Raises DoesNotExist,
    and Gone.
    """
    number, asked_at = Confirmation.in_link(token, what)
    act = asked_about(kind, number, asked_at)
    if act.confirmation.replaced_at and not act.confirmation.used_at:
        raise Gone(asked_at)
    if not act.confirmation.has_link(token, what):
        raise kind.DoesNotExist
    return act


def to_deny(token):
    """The act, of whatever kind, whose question has this token for “not me”."""
    number, asked_at = Confirmation.in_link(token, DENIAL)
    asked = Confirmation.objects.filter(pk=number).first()
    if asked is None:
        raise Gone(asked_at)
    return by_mail_token(asked.act_model, token, DENIAL)


def asked_about(kind, key, made_at=None):
    """The act of this kind that the question with this key is about.

    Raises DoesNotExist, and Gone, which says when its question was made.
    """
    # An act that only came along, like the follow of a signature, is not found: its
    # mail would open a signature that a moderator has not released.
    asked = {"confirmation": key, "confirmation__kind": kind._meta.model_name}
    found = kind.objects.for_pages().filter(**asked)
    act = found.select_related(
        "confirmation__supporter", "confirmation__campaign"
    ).first()
    if act:
        act.campaign = act.confirmation.campaign
        return act
    # The question of another kind opens nothing here, but is not gone.
    if Confirmation.objects.filter(pk=key).exists():
        raise kind.DoesNotExist
    raise Gone(made_at)
