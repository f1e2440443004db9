"""The mails to the writer of a letter.

Until the owner of the address has said yes, they hold no text that a visitor typed: it
could be somebody else's advertisement.
"""

from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from letters.sending.deliveries import WhyStopped
from letters.sending.state import same_wait
from letters.writing.doubt import hold_if_copied
from letters.writing.models import Letter
from outbox.models import OutgoingMail
from outbox.purposes import Nothing, register
from outbox.relay import says_bad_address
from pages.addresses import absolute_reverse
from safeguards.mail_allowance import MailAllowance
from supporters.acts.holding import too_long_ago
from supporters.acts.mails import AboutActs, Question, ToSupporter
from supporters.acts.undecided import first_to_go_on
from supporters.models import Supporter


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

    def copy(self, letter):
        """The context of the copy, which says what the letter waits for, if it does.

        The words are made when the mail is written, in its language.
        """
        rows = list(letter.deliveries.select_related("mail", "recipient__list"))
        return {**self.context(letter), "waits_for": partial(same_wait, rows)}


@register
class LetterQuestion(Question, ToWriter):
    """The question; or the copy again, if its writer has confirmed already.

    Somebody who has sent the same letter before is told so, and has nothing to confirm.
    """

    name = "letter_question"
    title = _("Confirm your letter")
    titles = {
        "confirm_letter": title,
        "letter_sent_already": _("You have sent this letter already"),
        "letter_receipt": _("A copy of your letter"),
        "letter_too_late": _("Your letter was not sent"),
    }

    def question(self, letter, mail):
        if letter.rejected_at or (letter.is_held and not letter.let_pass()):
            raise Nothing
        if letter.is_over and not letter.confirmation.used_at:
            return self._too_late(letter)
        if hold_if_copied(letter):
            raise Nothing
        if letter.is_repeat:  # no part of it is on its way
            raise Nothing
        if letter.confirmation.used_at:
            return "letter_receipt", self.copy(letter)
        if sent := letter.addressees.sent_before():
            return "letter_sent_already", {
                **self.context(letter),
                "sent": sent,
                "receipt_url": _mailed(letter, "receipt", key=sent.key_of_receipt),
            }
        token = letter.confirmation.link_key
        return "confirm_letter", {
            "campaign": letter.campaign,
            "recipients": str(letter.addressees),
            "confirmation_url": _mailed(letter, "confirmation", token=token),
        }

    def _too_late(self, letter):
        """Tell a writer who was held until the end; an address that is known here."""
        if letter.confirmation.supporter.confirmed_at is None:
            raise Nothing
        return "letter_too_late", {"campaign": letter.campaign, "way": letter.way_on}


@register
class LetterReceipt(ToWriter):
    """A copy of the letter, and the link to what became of it."""

    name = "letter_receipt"
    title = _("A copy of your letter")

    def write(self, letter, mail):
        return "letter_receipt", self.copy(letter)


@register
class LetterFailed(ToWriter):
    """The text, whom it did not reach, and how else to send it."""

    name = "letter_failed"
    title = _("Your letter did not reach everybody")

    def write(self, letter, mail):
        failed = letter.deliveries.failed().select_related("mail", "recipient")
        reached = len(failed) < letter.deliveries.count()
        return "letter_failed", {**self.context(letter), **failures(failed, reached)}


@register
class LetterWaits(AboutActs):
    """The letters of an owner on which nobody has decided for some days.

    Others may have posted them, with every spelling of the address. So one mailbox gets
    no more of these mails in a day than questions in an hour.
    """

    name = "letter_waits"
    tells_of = ("letters.letter",)
    title = _("Your letter is still waiting")
    allowance = MailAllowance("waiting letter", a_day="LIMIT_MAILS_TO_ADDRESS")

    def acts_of(self, supporter):
        letters = Letter.objects.waiting_for_long().of_supporter(supporter)
        return list(letters.select_related("confirmation__campaign").order_by("pk"))

    def context(self, acts):
        return {
            "ways": [letter.way_on for letter in acts],
            "ends_on": first_to_go_on(acts),
        }


def owners_to_tell():
    """Owners whose letters wait for long, and who have not been told of one lately."""
    waiting = Letter.objects.waiting_for_long()
    told = OutgoingMail.objects.about(LetterWaits.name, OuterRef("pk"))
    owners = Supporter.objects.filter(pk__in=waiting.values("confirmation__supporter"))
    return owners.filter(~Exists(told.filter(queued_at__gt=too_long_ago())))


def failures(deliveries, reached):
    """Whom a letter did not reach, and whether it helps to write to them oneself.

    Takes whether it reached somebody else, or still may.
    """
    gone = [says_bad_address(delivery.reply) for delivery in deliveries]
    left = [each.stopped_for == WhyStopped.LEFT_OFFICE for each in deliveries]
    return {
        "failed": deliveries,
        "reached_nobody": not reached,
        "some_are_gone": any(gone),
        "all_are_gone": all(map(any, zip(gone, left, strict=True))),
    }


def _mailed(letter, view, **kwargs):
    language, slug = letter.confirmation.language, letter.campaign.slug
    return absolute_reverse(f"letters:{view}", language, slug=slug, **kwargs)
