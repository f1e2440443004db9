from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.models import Campaign
from letters.officials.corrections import OBJECTION_DAYS
from letters.officials.mails import STOPS_ANSWERS
from letters.sending.server_words import meaning_of
from letters.writing.mails import failures
from outbox.samples import campaign, link
from pages.addresses import absolute
from pages.templatetags.punctuation import colon


def values():
    now = timezone.now()
    text = {"days": settings.KEEP_LETTER_TEXT_DAYS}
    to_official = {"campaign": None, "minutes": settings.VISIT_LINK_MINUTES}
    to_old_address = to_official | {
        "email": "new@council.example",
        "objection_url": link("objection/"),
        "days": OBJECTION_DAYS,
    }
    stop = {"stop_url": absolute("/emails/key/cancellation/")}
    return {
        "": {
            "campaign": Campaign(title=_("The title of the campaign")),
            "letter": SimpleNamespace(
                name="Maria Silva",
                subject=_("The subject of the letter"),
                title=_("The subject of the letter"),
                goes_together=True,
                text_for_writer=_(
                    "Dear Mayor:\n\nThe letter.\n\nMaria Silva, Portugal"
                ),
                languages=SimpleNamespace(first="", others=[]),
            ),
            "recipients": _("the Mayor and the City Council"),
            "receipt_url": link("letter/receipt/"),
            "letter_url": link("letter/"),
            "recipient": _official(),
            "opening_url": link("opening/"),
        },
        "letter_sent_already": {**text, "sent": SimpleNamespace(confirmed_at=now)},
        "letter_receipt": {
            **text,
            "waits_for": _("not sent yet: it goes together with others soon"),
        },
        "letter_failed": text | failures([_failed()], reached=True),
        "letter_waits": {
            "campaign": None,
            "acts": [(_("A letter"), campaign())],
            "ways": [link("letters/key/unsent/")],
            "ends_on": timezone.localdate() + timedelta(days=settings.KEEP_HELD_DAYS),
        },
        "letter_too_late": {
            "campaign": Campaign(title=_("The title of the campaign"), closes_at=now),
            "way": link("letters/key/unsent/"),
        },
        "letter_answer": stop,
        "recipient_bounced": {"admin_url": link("")},
        "official_page": to_official,
        "official_address": to_official,
        "official_address_notice": to_old_address,
        "official_address_changed": to_old_address,
        "official_answer_decided": to_official
        | {
            "answer": SimpleNamespace(
                published_at=now, turned_down_at=None, url=link("letter/answers/1/")
            ),
            "about": Campaign(title=_("The title of the campaign")),
            "stance": _("Supports it"),
        },
        "official_answer": {
            **stop,
            "answer": SimpleNamespace(
                recipient=_official(),
                text=_("Dear all:\n\nThank you for your letters."),
            ),
            "answer_url": link("letter/answers/1/"),
            "stops": STOPS_ANSWERS,
        },
    }


def _official():
    return SimpleNamespace(
        label=_("Council Member, Ward 1"),
        email="ward1@council.example",
        bounce_words="550 5.1.1 unknown",
        list=_("The Mayor and the Council"),
        page_url=link("officials/key/"),
    )


def _failed():
    """A delivery that did not arrive."""
    official = _official()
    said = meaning_of(official.bounce_words)
    words = f"{pgettext('letter', 'refused')}{colon()}{said}"
    return SimpleNamespace(
        label=official.label,
        email=official.email,
        state=SimpleNamespace(for_writer=words),
        reply=official.bounce_words,
        stopped_for="",
    )
