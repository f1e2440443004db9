from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from outbox.samples import link, sample
from pages.addresses import absolute
from petitions.signing.mails import STOPS_THANKS


def _petition():
    return {
        "petition": SimpleNamespace(
            told_ask=_("The sentence that people sign."),
            ask_in="",
            confirms_until=timezone.now(),
            is_open=True,
        ),
        "hours_after_end": settings.CONFIRM_AFTER_END_HOURS,
        "withdrawal_url": link("withdrawal/"),
    }


@sample("confirm_signature", gettext_lazy("To a signer. Is the signature theirs?"))
def confirm_signature():
    return _petition()


@sample(
    "remind_signature",
    gettext_lazy("To a signer who has not confirmed after a day. We send it once."),
)
def remind_signature():
    return _petition()


@sample(
    "signature_invalidated",
    gettext_lazy(
        "To a signer who asks for the email again, after staff took the "
        "signature out of the count."
    ),
)
def signature_invalidated():
    return _petition()


@sample(
    "signature_too_late",
    gettext_lazy("To a signer whose signature a moderator released after the end."),
)
def signature_too_late():
    ended_at = timezone.now() - timedelta(days=2)
    ended = Campaign(title=_("The title of the campaign"), closes_at=ended_at)
    sample = _petition()
    hours = timedelta(hours=settings.CONFIRM_AFTER_END_HOURS)
    sample["petition"].confirms_until = ended_at + hours
    return {**sample, "campaign": ended}


@sample(
    "signature_thanks",
    gettext_lazy("To a signer who is counted, once. A campaign can write its text."),
)
def signature_thanks():
    return {
        **_petition(),
        "campaign": Campaign(title=_("The title of the campaign")),
        "standing": SimpleNamespace(count=1284, countries=41),
        "own_url": link("signatures/thanks/key/"),
        "mine_url": link("mine/"),
        "share_url": link("?s=code"),
        "stop_url": absolute("/emails/key/cancellation/"),
        "stops": STOPS_THANKS,
    }


@sample("already_signed", gettext_lazy("To a signer whose name counts already."))
def already_signed():
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


@sample(
    "signature_withdrawn",
    gettext_lazy(
        "To a signer who asks for the email again, after taking the name back."
    ),
)
def signature_withdrawn():
    return _petition()
