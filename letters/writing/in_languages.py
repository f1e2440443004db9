"""A letter in the languages in which it leaves, and in that of its writer.

Its subject and text are what its writer has seen and changed. In further languages it
is as suggested, with the writer's own words; these are kept with it, since the campaign
may change its words. Name and salutation are open there.
"""

from dataclasses import dataclass

from django.utils.functional import cached_property

from letters.suggested import placeholders
from letters.suggested.words import greeting_in
from pages.languages import name_in


def written_in_others(form):
    """What a form makes of the letter in further languages, or None.

    `leaves` says whether officials get it; if not, only its writer reads it.
    """
    start = form.start
    found = {}
    for words in filter(None, [*start.others, start.own]):
        letter = form.filled_in(words).envelope
        found[words.language] = {
            "subject": " ".join(letter.subject.split()),
            "text": letter.text,
            "leaves": words is not start.own,
        }
    return found or None


@dataclass(frozen=True)
class InLanguage:
    """One letter in one language, as its writer reads it."""

    language: str
    subject: str
    text: str
    leaves: bool = True

    @property
    def name(self):
        return name_in(self.language)


class LettersLanguages:
    """What one letter says in each of its languages, and to whom."""

    def __init__(self, letter):
        self.letter = letter
        self._others = letter.in_languages or {}

    @cached_property
    def first(self):
        """The language of its subject and text."""
        return self.letter.written_in or self.letter.campaign.language

    def of(self, recipient):
        """The language in which it goes to an official, of those in which it leaves.

        Their own one, or else that in which the campaign was written.
        """
        for language in (recipient.language, self.letter.campaign.language):
            other = self._others.get(language)
            if language == self.first or (other and other["leaves"]):
                return language
        return self.first

    def words_in(self, language):
        """Subject and text in a language; if it lacks that, in its first one."""
        if language not in self._others:
            return self.letter.subject, self.letter.text
        other, signature = self._others[language], self.letter.signature
        text = placeholders.put(other["text"], placeholders.NAME_AND_PLACE, signature)
        return other["subject"], text

    def unsigned_in(self, language):
        """The text in a language, of an unchanged letter, with its signature open.

        None if its signature cannot be told from other words.
        """
        if language in self._others:
            return self._others[language]["text"]
        letter = self.letter
        return placeholders.without_signature(
            letter.text, letter.signature, letter.text_digest
        )

    def same_as_in(self, language):
        """A digest that is equal for all letters which an official reads as one.

        They say the same in this language, from whatever page they came, and their
        writers have changed nothing. It is empty for a letter that goes alone.
        """
        if not self.letter.text_digest or language not in self._others:
            return self.letter.text_digest
        return placeholders.digest(self._others[language]["text"])

    def greeting_all_in(self, language):
        """Subject and text as they greet all of the officials."""
        subject, text = self.words_in(language)
        greeting = greeting_in(language, self.letter.addressees.named_in(language))
        return subject, placeholders.put(text, placeholders.SALUTATION, greeting)

    def text_to(self, delivery, language, greeting):
        """The text of one delivery, in a language and with the greeting of that."""
        _subject, text = self.words_in(language)
        text = placeholders.put(text, placeholders.SALUTATION, greeting)
        if self.letter.follow_of_id:
            day = delivery.day_of_first_in(language)
            text = placeholders.put(text, placeholders.DATE, day)
        return text

    @cached_property
    def shown_to(self):
        """Of a follow-up: the first delivery in each language, to be shown."""
        rows = self.letter.deliveries.with_list().order_by("language", "pk")
        return sorted(rows.distinct("language"), key=lambda delivery: delivery.pk)

    def for_writer_in(self, language):
        """Subject and text as its writer reads them.

        A letter greets all of the officials. A follow-up is shown as the first of them
        gets it, of those who read this language if some do.
        """
        if not (self.letter.follow_of_id and self.letter.text):
            return self.greeting_all_in(language)
        subject, _text = self.words_in(language)
        shown = self.shown_to
        first = next((d for d in shown if d.read_in == language), shown[0])
        greeting = first.recipient.greeting_in(language)
        return subject, self.text_to(first, language, greeting)

    @property
    def others(self):
        """It in further languages, for its writer."""
        return [
            InLanguage(language, *self.for_writer_in(language), each["leaves"])
            for language, each in self._others.items()
        ]

    @property
    def read_beside(self):
        """It in the writer's own language, if it does not leave in that, or None."""
        return next((each for each in self.others if not each.leaves), None)
