"""The words of a suggested letter in one language, and what a writer makes of them.

A letter has its own words, in the first language of its campaign, and others in further
languages (texts.py). It leaves in that of each official.
"""

from django.conf import settings
from django.utils import translation
from django.utils.text import format_lazy, normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters.suggested import placeholders
from letters.suggested.envelope import Envelope
from letters.suggested.placeholder_names import named_as_stored, named_in
from pages.languages import name_in

# A campaign's own words may replace this text.
_FOLLOW_UP = format_lazy(
    gettext_lazy(
        "{salutation}\n\n"
        "On {date} I wrote to you about “{subject}”. I know that many letters reach "
        "you, and would be grateful for a short answer, whatever it is.\n\n"
        "If you have answered already, thank you, and please excuse this reminder.\n\n"
        "{who}"
    ),
    salutation=placeholders.SALUTATION,
    date=placeholders.DATE,
    subject=placeholders.SUBJECT,
    who=placeholders.NAME_AND_PLACE,
)
BODIES = ("body", "thanks_body", "follow_up")


class LetterWords:
    """Subject and text of a letter in its `language`, as a writer starts from them.

    `suggested` is the letter whose words they are.
    """

    def store_as_filled_in(self):
        """Give its texts the line ends and the placeholders of stored ones."""
        for name in BODIES:
            text = named_as_stored(normalize_newlines(getattr(self, name)))
            setattr(self, name, text)

    @property
    def greeting(self):
        """How to greet all of them, if a letter meant for each goes to everyone."""
        who = self.addressed_as or self.suggested.addressed_as
        return self.greeting_for(who)

    def greeting_for(self, addressed_as):
        return greeting_in(self.language, addressed_as)

    @property
    def has_thanks(self):
        return bool(self.thanks_body)

    def draft(self, *, is_thanks=False):
        """Subject and text for a writer to start from."""
        if is_thanks:
            return self.thanks_subject, self.thanks_body
        return self.subject, self.body

    def digest_if_unchanged(self, subject, body, *, is_thanks=False):
        """The digest of a letter that is as we suggest it, or once suggested it.

        It is empty when its writer has changed a word.
        """
        ask = "" if is_thanks else self.ask
        found = placeholders.digest(placeholders.unsigned(body, ask=ask))
        subject = " ".join(subject.split())
        ours, text = self.draft(is_thanks=is_thanks)
        text = placeholders.digest(placeholders.unsigned(text, ask=ask))
        if (subject, found) == (" ".join(ours.split()), text):
            return found
        before = self.suggested.letters.filter(
            subject=subject, text_digest=found, is_thanks=is_thanks
        )
        return found if before.exists() else ""

    def follow_up_for(self, *, name, place, subject):
        """The follow-up to a letter with this subject; greeting and day are open."""
        with translation.override(self.language):
            text = self.follow_up or str(_FOLLOW_UP)
        filled = placeholders.fill(text, name=name, place=place, subject=subject)
        return placeholders.as_text(filled)

    def letter_for(
        self,
        recipients,
        *,
        subject,
        body,
        name="",
        place="",
        own_words="",
        own_in="",
        ask=None,
        salutation="",
    ):
        """The letter with a writer's words in it, ready to show and to send.

        `ask` replaces the locked ask of the suggested letter. Without a salutation its
        place stays open in a letter that goes one by one. If the writer's own words are
        in another language, `own_in`, a sentence before them says so.
        """
        filled = placeholders.fill(
            body,
            name=name,
            place=place,
            own_words=self.with_language(own_words, own_in),
            ask=self.ask if ask is None else ask,
            salutation=salutation,
        )
        return FilledLetter(
            filled,
            Envelope(
                recipients=recipients,
                subject=subject,
                text=placeholders.as_text(filled),
            ),
            self.language,
        )

    def with_language(self, own_words, own_in):
        """A writer's own words, with the sentence that says their language."""
        if not own_words or own_in in ("", self.language):
            return own_words
        return f"{words_are_in(own_in, self.language)}\n{own_words}"


class FilledLetter:
    """A suggested letter with one writer's words, as paragraphs and as mail."""

    def __init__(self, filled, envelope, language):
        self._filled = filled
        self.envelope = envelope
        self.language = language

    @property
    def paragraphs(self):
        """What is open still has the names of placeholders in its language."""
        return [
            [(named_in(self.language, words), own) for words, own in part]
            for part in self._filled
        ]

    @property
    def html(self):
        return placeholders.as_html(self._filled, self.language)

    @property
    def is_ready(self):
        """Whether it may be sent, which is when its writer's name stands in it."""
        return placeholders.NAME_AND_PLACE not in self.envelope.text


def greeting_in(language, who):
    """How a letter in this language begins."""
    with translation.override(language):
        return _("Dear %(who)s:") % {"who": who}


def words_are_in(own_in, language):
    """Says in one language that the words below are in another one."""
    with translation.override(language):
        said = _("The writer added these words in %(language)s:")
        return said % {"language": name_in(own_in, language)}


def by_language(suggested, texts=()):
    """Words of a letter in further languages of the site, by language."""
    ours = dict(settings.LANGUAGES)
    for text in texts:
        text.letter = suggested
    return {text.language: text for text in texts if text.language in ours}
