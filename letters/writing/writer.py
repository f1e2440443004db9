"""The writer of a letter: what we mail them, and when we take no more letters."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from pages.addresses import absolute_reverse
from supporters.acts.confirming import TooLate, TooMany
from supporters.models import SentMail, Supporter


class LetterClosed(TooLate):
    """The campaign has ended: no more letters go out."""


class TooManyLetters(TooMany):
    """This writer has sent LIMIT_LETTERS_A_DAY of this campaign within 24 hours."""


class Writer:
    """Who wrote a letter, as far as the letter concerns them."""

    def __init__(self, letter):
        self.letter = letter
        self.confirmation = letter.confirmation

    def refuse_too_many(self):
        """Raise TooManyLetters when their letters of this campaign are enough for 24
        hours. Follow-ups count, and so does every spelling of their address."""
        writer = self.confirmation.supporter
        Supporter.objects.lock_mailbox(writer)
        letters = type(self.letter).objects.confirmed()
        today = letters.filter(
            suggested_letter=self.letter.suggested_letter,
            confirmation__supporter__mailbox=writer.mailbox,
            confirmed_at__gt=timezone.now() - timedelta(days=1),
        )
        if today.count() >= settings.LIMIT_LETTERS_A_DAY:
            raise TooManyLetters

    def mail_question(self):
        """Mail the button and the code. Raises what Confirmation.send() raises.

        The mail holds no text that a visitor typed, the letter included: it could be
        somebody else's advertisement. Who has confirmed already gets the copy again,
        within the same limits.
        """
        if self.confirmation.used_at:
            self.confirmation.send("letter_receipt", self._mail_context())
            return
        self.confirmation.send(
            "confirm_letter",
            {
                "campaign": self.letter.campaign,
                "recipients": str(self.letter.addressees),
                "confirmation_url": self._mailed(
                    "confirmation", token=self.confirmation.mail_token
                ),
            },
        )

    def send_receipt(self):
        """Mail them a copy, and the link to what became of it."""
        self._mail("letter_receipt")

    def give_back(self):
        """Mail them the text, whom it did not reach, and how else to send it."""
        self._mail("letter_failed", failed=self.letter.deliveries.failed())

    def _mail(self, template, **context):
        SentMail.objects.send(
            self.confirmation.supporter,
            template,
            {**self._mail_context(), **context},
            language=self.confirmation.language,
            campaign=self.letter.campaign,
        )

    def _mail_context(self):
        return {
            "letter": self.letter,
            "campaign": self.letter.campaign,
            "recipients": str(self.letter.addressees),
            "receipt_url": self._mailed("receipt", key=self.letter.key_of_receipt),
            "letter_url": self._mailed("letter"),
            "days": settings.KEEP_LETTER_TEXT_DAYS,
        }

    def _mailed(self, view, **kwargs):
        return absolute_reverse(
            f"letters:{view}",
            self.confirmation.language,
            slug=self.letter.campaign.slug,
            **kwargs,
        )
