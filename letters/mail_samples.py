from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from letters.receipt.asking import REMIND_DAYS
from letters.sending.server_words import meaning_of
from outbox.samples import link, sample


def _letter():
    return {
        "letter": SimpleNamespace(
            name="Maria Silva",
            subject=_("The subject of the letter"),
            title=_("The subject of the letter"),
            goes_together=True,
            text_for_writer=_("Dear Mayor:\n\nThe letter.\n\nMaria Silva, Portugal"),
        ),
        "recipients": _("the Mayor and the City Council"),
        "receipt_url": link("letter/receipt/"),
        "letter_url": link("letter/"),
        "days": settings.KEEP_LETTER_TEXT_DAYS,
    }


@sample("confirm_letter")
def confirm_letter():
    """To whoever wrote a letter: is it yours?"""
    return {**_letter(), "days": settings.KEEP_UNCONFIRMED_DAYS}


@sample("letter_sent_already")
def letter_sent_already():
    """To whoever wrote the same letter to the same officials before."""
    sent = SimpleNamespace(confirmed_at=timezone.now())
    campaign = Campaign(title=_("The title of the campaign"))
    return {**_letter(), "campaign": campaign, "sent": sent}


@sample("letter_receipt")
def letter_receipt():
    """To whoever confirmed a letter: their copy, and the link to what becomes of it."""
    return _letter()


@sample("letter_failed")
def letter_failed():
    """To a letter's writer: whom it did not reach, and the text back."""
    failed = SimpleNamespace(
        label=_("Council Member, Ward 1"),
        email="ward1@council.example",
        state=SimpleNamespace(
            for_writer=_("refused: %s") % meaning_of("550 5.1.1 unknown")
        ),
    )
    return {**_letter(), "failed": [failed]}


@sample("letter_waits")
def letter_waits():
    """To whoever wrote a letter that is held, when nobody decides on it."""
    campaign = SimpleNamespace(full_title=_("The title of the campaign"))
    return {
        "acts": [(_("A letter"), campaign)],
        "ways": [link("letters/key/unsent/")],
        "ends_on": timezone.localdate() + timedelta(days=settings.KEEP_HELD_DAYS),
        "mine_url": link("mine/"),
    }


@sample("letter_too_late")
def letter_too_late():
    """To a writer whose letter waited for a moderator until the campaign had ended."""
    ended = Campaign(title=_("The title of the campaign"), closes_at=timezone.now())
    return {
        "campaign": ended,
        "campaign_url": link(""),
        "way": link("letters/key/unsent/"),
    }


@sample("letter_answer")
def letter_answer():
    """To a letter's writer, two weeks later: did an answer come?"""
    return {**_letter(), "is_reminder": False, "days_to_reminder": REMIND_DAYS}


@sample("recipient_bounced")
def recipient_bounced():
    """To the campaigners: an official's address does not work any more."""
    recipient = SimpleNamespace(
        label=_("Council Member, Ward 1"),
        email="ward1@council.example",
        bounce_words="550 5.1.1 unknown",
        list=_("The Mayor and the Council"),
    )
    return {"recipient": recipient, "admin_url": link("")}


def _official():
    return SimpleNamespace(label=_("Council Member, Ward 1"))


@sample("official_page")
def official_page():
    """To an official, who asked for it: the way to the letters to them."""
    return {
        "recipient": _official(),
        "minutes": settings.VISIT_LINK_MINUTES,
        "opening_url": link("opening/"),
    }


@sample("official_address")
def official_address():
    """To the new address that an official typed: is it theirs?"""
    return {"recipient": _official(), "minutes": settings.VISIT_LINK_MINUTES}


@sample("official_address_notice")
def official_address_notice():
    """To an official’s address of before: another one was typed."""
    return {"recipient": _official(), "email": "new@council.example"}


@sample("official_answer")
def official_answer():
    """To everybody who wrote to an official: the one answer to all of them."""
    answer = SimpleNamespace(
        recipient=_official(), text=_("Dear all:\n\nThank you for your letters.")
    )
    return {"answer": answer, "answer_url": link("letter/answers/1/")}
