from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from outbox.samples import link
from pages.addresses import absolute
from petitions.signing.mails import STOPS_THANKS


def values():
    now = timezone.now()
    ended_at = now - timedelta(days=2)
    petition = {"told_ask": _("The sentence that people sign."), "ask_in": ""}
    until = ended_at + timedelta(hours=settings.CONFIRM_AFTER_END_HOURS)
    title = _("The title of the campaign")
    return {
        "": {
            "campaign": Campaign(title=title),
            "petition": SimpleNamespace(**petition, confirms_until=now, is_open=True),
            "hours_after_end": settings.CONFIRM_AFTER_END_HOURS,
            "withdrawal_url": link("withdrawal/"),
            "share_url": link("?s=code"),
            "counted": SimpleNamespace(
                confirmed_at=now,
                shows_name=True,
                public_name=SimpleNamespace(line="Maria Silva, Portugal"),
            ),
        },
        "signature_too_late": {
            "campaign": Campaign(title=title, closes_at=ended_at),
            "petition": SimpleNamespace(**petition, confirms_until=until),
        },
        "signature_thanks": {
            "standing": SimpleNamespace(count=1284, countries=41),
            "own_url": link("signatures/thanks/key/"),
            "stop_url": absolute("/emails/key/cancellation/"),
            "stops": STOPS_THANKS,
        },
    }
