from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import Campaign
from letters.officials.corrections import OBJECTION_DAYS
from letters.officials.mails import STOPS_ANSWERS
from letters.receipt.asking import REMIND_DAYS
from letters.sending.server_words import meaning_of
from letters.writing.mails import failures
from outbox.samples import link, sample
from pages.addresses import absolute
from pages.templatetags.punctuation import colon


def _letter():
    return {
        "letter": SimpleNamespace(
            name="Maria Silva",
            subject=_("The subject of the letter"),
            title=_("The subject of the letter"),
            goes_together=True,
            text_for_writer=_("Dear Mayor:\n\nThe letter.\n\nMaria Silva, Portugal"),
            languages=SimpleNamespace(first="", others=[]),
        ),
        "recipients": _("the Mayor and the City Council"),
        "receipt_url": link("letter/receipt/"),
        "letter_url": link("letter/"),
        "days": settings.KEEP_LETTER_TEXT_DAYS,
    }


@sample("confirm_letter", gettext_lazy("To a letter writer. Is the letter theirs?"))
def confirm_letter():
    return {**_letter(), "days": settings.KEEP_UNCONFIRMED_DAYS}


@sample(
    "letter_sent_already",
    gettext_lazy(
        "To a letter writer who has sent the same letter to the same officials before."
    ),
)
def letter_sent_already():
    sent = SimpleNamespace(confirmed_at=timezone.now())
    campaign = Campaign(title=_("The title of the campaign"))
    return {**_letter(), "campaign": campaign, "sent": sent}


@sample(
    "letter_receipt",
    gettext_lazy(
        "To a letter writer who has confirmed. A copy, and the link to the receipt."
    ),
)
def letter_receipt():
    waits_for = _("not sent yet: it goes together with others soon")
    return {**_letter(), "waits": True, "waits_for": waits_for}


@sample(
    "letter_failed",
    gettext_lazy("To a letter writer. Who did not get the letter, and its text."),
)
def letter_failed():
    reply = "550 5.1.1 unknown"
    said = f"{pgettext('letter', 'refused')}{colon()}{meaning_of(reply)}"
    failed = SimpleNamespace(
        label=_("Council Member, Ward 1"),
        email="ward1@council.example",
        state=SimpleNamespace(for_writer=said),
        reply=reply,
        stopped_for="",
    )
    return {**_letter(), **failures([failed])}


@sample(
    "letter_waits",
    gettext_lazy("To a letter writer whose letter no moderator has checked yet."),
)
def letter_waits():
    campaign = SimpleNamespace(full_title=_("The title of the campaign"), read_in="")
    return {
        "campaign": None,
        "acts": [(_("A letter"), campaign)],
        "ways": [link("letters/key/unsent/")],
        "ends_on": timezone.localdate() + timedelta(days=settings.KEEP_HELD_DAYS),
        "mine_url": link("mine/"),
    }


@sample(
    "letter_too_late",
    gettext_lazy(
        "To a letter writer whose letter a moderator released after the campaign’s end."
    ),
)
def letter_too_late():
    ended = Campaign(title=_("The title of the campaign"), closes_at=timezone.now())
    return {
        "campaign": ended,
        "way": link("letters/key/unsent/"),
    }


@sample(
    "letter_answer",
    gettext_lazy("To a letter writer, 2 weeks later. Did anybody answer?"),
)
def letter_answer():
    return {
        **_letter(),
        "is_reminder": False,
        "days_to_reminder": REMIND_DAYS,
        "stop_url": absolute("/emails/key/cancellation/"),
    }


@sample(
    "recipient_bounced",
    gettext_lazy("To the campaigners. An official’s address does not work any more."),
)
def recipient_bounced():
    recipient = SimpleNamespace(
        label=_("Council Member, Ward 1"),
        email="ward1@council.example",
        bounce_words="550 5.1.1 unknown",
        list=_("The Mayor and the Council"),
    )
    return {"recipient": recipient, "admin_url": link("")}


def _official():
    label = _("Council Member, Ward 1")
    return SimpleNamespace(label=label, page_url=link("officials/key/"))


def _to_official():
    return {
        "campaign": None,
        "recipient": _official(),
        "minutes": settings.VISIT_LINK_MINUTES,
    }


@sample(
    "official_page",
    gettext_lazy("To an official who asked for it. The link to the letters to them."),
)
def official_page():
    return {**_to_official(), "opening_url": link("opening/")}


@sample("official_address", gettext_lazy("To an official’s new address. Is it theirs?"))
def official_address():
    return _to_official()


@sample(
    "official_address_notice",
    gettext_lazy("To an official’s old address. Somebody entered a new one."),
)
def official_address_notice():
    return {
        **_to_official(),
        "email": "new@council.example",
        "objection_url": link("objection/"),
        "days": OBJECTION_DAYS,
    }


@sample(
    "official_address_changed",
    gettext_lazy("To an official’s old address. The new one was confirmed."),
)
def official_address_changed():
    return official_address_notice()


@sample(
    "official_answer_decided",
    gettext_lazy("To an official whose answer to all writers was published, or not."),
)
def official_answer_decided():
    answer = SimpleNamespace(
        published_at=timezone.now(), turned_down_at=None, url=link("letter/answers/1/")
    )
    about = Campaign(title=_("The title of the campaign"))
    stance = _("Supports it")
    return {**_to_official(), "answer": answer, "about": about, "stance": stance}


@sample(
    "official_answer",
    gettext_lazy(
        "To everybody who wrote to an official. The official’s answer to all of them."
    ),
)
def official_answer():
    answer = SimpleNamespace(
        recipient=_official(), text=_("Dear all:\n\nThank you for your letters.")
    )
    return {
        "answer": answer,
        "has_letter": True,
        "knows_address": True,
        "answer_url": link("letter/answers/1/"),
        "stop_url": absolute("/emails/key/cancellation/"),
        "stops": STOPS_ANSWERS,
    }
