from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from outbox.samples import link, sample


def _petition():
    return {
        "petition": SimpleNamespace(
            ask=_("The sentence that people sign."),
            confirms_until=timezone.now(),
            is_open=True,
        ),
        "hours_after_end": settings.CONFIRM_AFTER_END_HOURS,
        "withdrawal_url": link("withdrawal/"),
    }


@sample("confirm_signature")
def confirm_signature():
    """To whoever signed: was it you?"""
    return _petition()


@sample("remind_signature")
def remind_signature():
    """To whoever signed and has not confirmed a day later: once, and never again."""
    return _petition()


@sample("signature_invalidated")
def signature_invalidated():
    """To whoever asks for the mail again after staff took the signature out."""
    return _petition()


@sample("signature_too_late")
def signature_too_late():
    """To whoever is asked too late, since a moderator had to look at it first."""
    ended = Campaign(title=_("The title of the campaign"), closes_at=timezone.now())
    return {**_petition(), "campaign": ended}


@sample("already_signed")
def already_signed():
    """To whoever signs and is counted already."""
    counted = SimpleNamespace(
        confirmed_at=timezone.now(),
        shows_name=True,
        public_name=SimpleNamespace(line="Maria Silva, Portugal"),
    )
    return {
        **_petition(),
        "campaign": Campaign(title=_("The title of the campaign")),
        "counted": counted,
        "mine_url": link("mine/"),
        "share_url": link("?s=code"),
        "asks_to_follow": False,
    }


@sample("signature_withdrawn")
def signature_withdrawn():
    """To whoever asks for the mail again after having taken the name back."""
    return _petition()
