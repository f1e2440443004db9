"""The page on which a letter is written: form, preview and ways to send it."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst

from letters.recipients.models import Recipient
from letters.sending.addressees import named
from letters.suggested.envelope import MAILTO_LIMIT, WEBMAIL_LIMIT
from letters.suggested.placeholder_names import named_as_stored, names_to_fill_in
from letters.suggested.words import words_are_in
from letters.writing.further import MOST_SHOWN, FurtherLetter
from letters.writing.private_details import KINDS, noticed
from pages.languages import name_in

# How writers send a letter themselves: by mail app, by webmail, as a file, pasted, or
# printed and posted.
OWN_WAYS = ("app", "web", "file", "copy", "paper")
WAYS = ("us", *OWN_WAYS)
# So many are shown by name; the rest stand behind "show all addresses".
FEW_RECIPIENTS = 3


class Composer:
    """The page on which a letter is written.

    It has the form, as far as it is filled in, the preview, and what its writer should
    know.
    """

    limit = MAILTO_LIMIT
    web_limit = WEBMAIL_LIMIT

    def __init__(self, form, *, is_framed=False):
        self.form = form
        self.is_framed = is_framed
        self.start = form.start
        self.campaign = form.start.suggested.campaign
        self.is_prefilled = bool(form.initial["name"])
        words = form.start.words
        self.language = words.language
        self.placeholders = names_to_fill_in(words.language)
        self.way = form.data.get("way", WAYS[0])
        self.confirmed_email = form.initial["email"]
        # The letter as the first of them gets it.
        self.letter = form.filled(self.greeting_shown)

    @property
    def url(self):
        """Where the form is sent, and where it has a page of its own."""
        name = "letters:thanks" if self.start.is_thanks else "letters:letter"
        if self.is_framed:
            name = "letters:embedded"
        return reverse(name, kwargs={"slug": self.campaign.slug})

    @property
    def leaves_on(self):
        """The day on which it leaves with others; None if it is confirmed first."""
        if not self.confirmed_email:
            return None
        hours = self.start.suggested.recipient_list.office_hours
        return hours.next_mail_at(timezone.now()).astimezone(hours.zone)

    @property
    def is_ready(self):
        return self.form.is_good and self.letter.is_ready

    @property
    def addresses(self):
        """Addresses for the writer's own mail program; none if they are too many."""
        return "" if self.is_cut else ",".join(self.form.envelope.addresses)

    @property
    def shown(self):
        return self.start.reachable[:MOST_SHOWN]

    @property
    def is_cut(self):
        """Whether the list is too long to stand here as a whole."""
        return len(self.start.reachable) > MOST_SHOWN

    @property
    def has_many_recipients(self):
        return len(self.start.reachable) > FEW_RECIPIENTS

    @property
    def kinds_of_care(self):
        """The words for what may be pointed out, in the order of care.KINDS."""
        return [what for _pattern, what in KINDS.values()]

    @property
    def leaves_in_another(self):
        """Whether the letter leaves in another language than its writer's."""
        return bool(self.start.languages_of_own_words)

    @property
    def languages_of_own_words(self):
        """The languages to choose from: code, name, and the sentences that say it.

        There is a sentence for each other language in which the letter is read.
        """
        chosen = self.form.data.get("own_in", "")
        read_in = [self, *self.others, *filter(None, [self.beside])]
        languages = [letter.language for letter in read_in]
        for code in self.start.languages_of_own_words:
            yield {
                "code": code,
                "name": capfirst(name_in(code)),
                "says": [(n, words_are_in(code, n)) for n in languages if n != code],
                "is_chosen": code == chosen,
            }

    @property
    def readers(self):
        """The languages in which it leaves, and who gets it in each of them."""
        for words in (self.start.words, *self.start.others):
            labels = [each.label for each in self.start.reading(words)]
            yield capfirst(name_in(words.language)), named(labels)

    @property
    def language_name(self):
        """What the language of the letter is called on the page."""
        return name_in(self.language)

    @cached_property
    def beside(self):
        """It in its writer's language, if it does not leave in that, or None."""
        own = self.start.own
        return own and FurtherLetter(self.form, own)

    @cached_property
    def others(self):
        """The letter to officials who read other languages, one for each."""
        return [FurtherLetter(self.form, words) for words in self.start.others]

    @property
    def wanting_one_mail(self):
        """Whether some of them get all letters in one mail, a day or a week."""
        return any(recipient.wants_one_mail for recipient in self.start.reachable)

    @property
    def days_to_wait(self):
        return settings.LETTER_GIVE_UP_DAYS

    @cached_property
    def wanting_none(self):
        """Recipients who want no letters for now, so that letters to them wait."""
        return [r for r in self.start.reachable if r.rhythm == Recipient.Rhythm.PAUSED]

    @property
    def have_many_notices(self):
        """Whether recipients who get no letter now are counted rather than named."""
        return len(self.start.unreachable) + len(self.wanting_none) > FEW_RECIPIENTS

    @cached_property
    def noticed(self):
        """What the writer may not want in a public record, to be pointed out."""
        if not self.form.is_bound:
            return []
        suggested = f"{named_as_stored(self.form.initial['body'])}\n{self.start.ask}"
        return noticed(self.form.envelope.text, known=suggested)

    @cached_property
    def greeting_shown(self):
        """That of the first who reads this letter; if nobody does, that of all."""
        for recipient in self.start.reading(self.start.words):
            return recipient.greeting_in(self.language)
        return self.start.greeting
