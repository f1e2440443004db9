"""One polite follow-up, sent by the writer to officials who have not answered."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext

from campaigns.models import Campaign
from campaigns.models.text import localize
from letters.sending.addressees import named
from letters.sending.deliveries import Delivery
from letters.sending.message import sender_name
from letters.suggested import placeholders
from letters.writing.models import Letter
from supporters.models import Consent, Supporter

# Change this with every change of the words below.
CONSENT_VERSION = "2026-11-25"


class NotOffered(Exception):
    """It cannot be sent: too early, answered, paused, or nobody can be reached."""


class TextChanged(Exception):
    """It would say something else than what its writer has seen."""


class FollowUp:
    """The follow-up that a writer may send: from when on, to whom, and its text."""

    def __init__(self, first):
        self.first = first
        self.suggested = first.suggested_letter

    @property
    def is_possible(self):
        """Whether there is anybody to remind, and no reminder yet."""
        return bool(
            self.suggested.days_to_follow_up
            and self.first.confirmed_at
            and not self.first.anonymised_at
            and not self.first.is_thanks
            and not self.first.follow_of_id
            and self.suggested.campaign.is_open
            and not self.suggested.paused_at
            and not hasattr(self.first, "follow_up")
            and self.first.unanswered
        )

    @cached_property
    def begins_at(self):
        """The moment when the last of them has had the workdays to answer.

        None where there is no follow-up.
        """
        if not self.is_possible:
            return None
        return max(
            delivery.recipient.list.office_hours.after_workdays(
                delivery.left_at, self.suggested.days_to_follow_up
            )
            for delivery in self.first.unanswered
        )

    @property
    def is_offered(self):
        return self.begins_at is not None and self.begins_at <= timezone.now()

    @cached_property
    def begins_on(self):
        """The day of that moment in the officials' time zone."""
        zone = self.first.unanswered[0].recipient.list.office_hours.zone
        return self.begins_at.astimezone(zone).date()

    @cached_property
    def letter(self):
        """The letter that it will be."""
        first = self.first
        main, *others = dict.fromkeys(map(self._language_to, first.unanswered))
        subject, text = self._words_in(main)
        # Its writer reads it in the language of the page as well, if there are words.
        here = get_language()
        is_read = here not in (main, *others) and here == self._language_in(here)
        own = [here] if is_read else []
        # The key alone: given the letter itself, that letter would count this as its
        # follow-up.
        return Letter(
            suggested_letter=self.suggested,
            confirmation=first.confirmation,
            follow_of_id=first.pk,
            name=first.name,
            place=first.place,
            subject=subject,
            text=text,
            written_in=main,
            in_languages={
                language: dict(zip(("subject", "text"), said, strict=True))
                | {"leaves": language not in own}
                for language in (*others, *own)
                if (said := self._words_in(language))
            }
            or None,
        )

    def _language_to(self, first):
        """The language in which it goes to whom this delivery went.

        That of their letter, or the first one if there are no words in it any more.
        """
        return self._language_in(first.read_in)

    def _language_in(self, language):
        return self.suggested.words_in(language).language

    def _title_in(self, language):
        campaign = Campaign.objects.get(pk=self.suggested.campaign_id)
        localize([campaign], language)
        return campaign.title

    def _words_in(self, language):
        """Subject and text of it to officials who read this language."""
        first = self.first
        subject = first.languages.words_in(language)[0] or self._title_in(language)
        text = self.suggested.words_in(language).follow_up_for(
            name=first.name, place=first.place, subject=subject
        )
        longest = placeholders.LONGEST_SUBJECT
        return Truncator(f"Re: {subject}").chars(longest), text

    @cached_property
    def deliveries(self):
        """A delivery to each of them, at the present address."""
        return [
            Delivery(
                letter=self.letter,
                follows=first,
                recipient=first.recipient,
                label=first.recipient.label,
                language=(language := self._language_to(first)),
                greeting=first.recipient.greeting_in(language),
            )
            for first in self.first.unanswered
        ]

    @property
    def letter_to(self):
        """Who is reminded, by name if they are few."""
        return named([delivery.label for delivery in self.deliveries])

    @property
    def sender(self):
        return sender_name(self.first.name)

    @property
    def text(self):
        """What the first of them reads."""
        return self.letter.text_to(self.deliveries[0])

    @property
    def languages(self):
        """What it says in each of its languages, for its writer."""
        languages = self.letter.languages
        languages.shown_to = self.deliveries
        return languages

    @property
    def seen(self):
        """A digest of what its writer has seen, which the button sends back."""
        letter = self.letter
        words = f"{letter.subject}\n{letter.text}"
        if letter.in_languages:
            words += str(letter.in_languages)
        return sha256(words.encode()).hexdigest()[:16]

    @property
    def button(self):
        number = len(self.first.unanswered)
        sentence = ngettext(
            "Send one polite follow-up to %(number)d official who has not answered",
            "Send one polite follow-up to %(number)d officials who have not answered",
            number,
        )
        return sentence % {"number": number}

    @property
    def notice(self):
        """The words that its writer agrees to by pressing the button."""
        return gettext(
            "We send this in your name to each of them alone, with your email "
            "address for their replies. You can do this only once."
        )

    def send(self, *, seen, page):
        """Send it on its way; only once, also if pressed twice or at once.

        Raises NotOffered, TextChanged, and TooManyLetters.
        """
        with transaction.atomic():
            # Of two requests at once, one waits here and then finds the other's
            # follow-up.
            letters = Letter.objects.select_for_update(no_key=True)
            first = letters.get(pk=self.first.pk)
            if Letter.objects.filter(follow_of=first).exists():
                return
            first.suggested_letter = self.suggested
            now = FollowUp(first)
            if not now.is_offered:
                raise NotOffered
            if seen != now.seen:
                raise TextChanged
            Supporter.objects.lock_mailbox(first.confirmation.supporter)
            Letter.objects.refuse_too_many(first)
            now._send(page)

    def _send(self, page):
        letter = self.letter
        letter.confirmed_at = timezone.now()
        letter.save()
        Delivery.objects.bulk_create(self.deliveries)
        Consent.objects.record(
            letter.confirmation, [("letter", self.notice, CONSENT_VERSION)], page
        )
        letter.mail_writer_later("letter_receipt")
