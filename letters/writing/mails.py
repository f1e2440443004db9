"""The mails to the writer of a letter.

Until the owner of the address has said yes, they hold no text that a visitor typed: it
could be somebody else's advertisement.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from letters.writing.models import Letter
from outbox.purposes import Nothing, register
from pages.addresses import absolute_reverse
from supporters.acts.mails import Question, ToSupporter


class ToWriter(ToSupporter):
    """A mail to the writer of a letter."""

    def rows(self):
        return Letter.objects.select_related(
            "suggested_letter__campaign",
            "suggested_letter__recipient_list",
            "confirmation__supporter",
        )

    def context(self, letter):
        return {
            "letter": letter,
            "campaign": letter.campaign,
            "recipients": str(letter.addressees),
            "receipt_url": _mailed(letter, "receipt", key=letter.key_of_receipt),
            "letter_url": _mailed(letter, "letter"),
            "days": settings.KEEP_LETTER_TEXT_DAYS,
        }


@register
class LetterQuestion(Question, ToWriter):
    """The question; or the copy again, if its writer has confirmed already."""

    name = "letter_question"
    title = _("Confirm your letter")
    titles = {
        "confirm_letter": title,
        "letter_receipt": _("A copy of your letter"),
    }

    def question(self, letter, mail):
        if letter.rejected_at or (letter.is_held and not letter.let_pass()):
            raise Nothing
        if letter.is_repeat:  # no part of it is on its way
            raise Nothing
        if letter.confirmation.used_at:
            return "letter_receipt", self.context(letter)
        token = letter.confirmation.link_key
        return "confirm_letter", {
            "campaign": letter.campaign,
            "recipients": str(letter.addressees),
            "confirmation_url": _mailed(letter, "confirmation", token=token),
        }


@register
class LetterReceipt(ToWriter):
    """A copy of the letter, and the link to what became of it."""

    name = "letter_receipt"
    title = _("A copy of your letter")

    def write(self, letter, mail):
        return "letter_receipt", self.context(letter)


@register
class LetterFailed(ToWriter):
    """The text, whom it did not reach, and how else to send it."""

    name = "letter_failed"
    title = _("Your letter did not reach everybody")

    def write(self, letter, mail):
        failed = letter.deliveries.failed().select_related("mail", "recipient")
        return "letter_failed", {**self.context(letter), "failed": failed}


def _mailed(letter, view, **kwargs):
    language, slug = letter.confirmation.language, letter.campaign.slug
    return absolute_reverse(f"letters:{view}", language, slug=slug, **kwargs)
