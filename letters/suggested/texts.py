"""A suggested letter in further languages (decision 61)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.told import TextInLanguage, in_languages
from letters.suggested import placeholders
from letters.suggested.words import LetterWords
from versions.texts import register

_SUBJECT = {
    "max_length": placeholders.LONGEST_SUBJECT,
    "validators": [placeholders.validate_subject],
}


@in_languages
class LetterText(LetterWords, TextInLanguage):
    """What a suggested letter says in a further language: that of some officials.

    Who reads the page in this language reads it beside what leaves.
    """

    TOLD = (
        *("subject", "body", "ask", "addressed_as", "thanks_subject", "thanks_body"),
        "follow_up",
    )
    SOURCE = "letter"
    CAMPAIGN = "letter__campaign"

    letter = models.ForeignKey(
        "letters.SuggestedLetter",
        on_delete=models.CASCADE,
        related_name="texts",
        verbose_name=_("suggested letter"),
    )
    subject = models.CharField(_("subject"), **_SUBJECT)
    body = models.TextField(
        _("letter"), max_length=10_000, help_text=placeholders.HELP_IN_LANGUAGES
    )
    ask = models.TextField(
        _("locked ask"),
        max_length=1000,
        blank=True,
        validators=[placeholders.validate_plain],
        help_text=_("Every letter keeps these words, as in the first language."),
    )
    addressed_as = models.CharField(
        _("addressed as"),
        max_length=200,
        blank=True,
        validators=[placeholders.validate_plain],
        help_text=_("How the letter names all of them. If empty, as on their list."),
    )
    thanks_subject = models.CharField(
        _("subject of the thank-you"), blank=True, **_SUBJECT
    )
    thanks_body = models.TextField(
        _("thank-you"),
        max_length=10_000,
        blank=True,
        help_text=_("If empty, we send the thank-you in the first language."),
    )
    follow_up = models.TextField(
        _("follow-up"),
        max_length=2000,
        blank=True,
        help_text=_("If empty, we use our own words in this language."),
    )

    class Meta:
        verbose_name = _("translated letter")
        verbose_name_plural = _("translated letters")
        ordering = ["letter", "language"]
        constraints = [
            models.UniqueConstraint(
                "letter",
                "language",
                name="one_text_of_a_letter_a_language",
                violation_error_message=_(
                    "The letter has a text in this language already. Change that."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.subject} ({self.language})"

    def save(self, **kwargs):
        self.store_as_filled_in()
        super().save(**kwargs)

    def clean(self):
        if self.letter_id is None:
            return
        if self.language == self.letter.language:
            words = _("The words in this language are those of the letter itself.")
            raise ValidationError({"language": words})
        if bool(self.ask) != bool(self.letter.ask):
            words = (
                _("Translate the locked ask of the letter here.")
                if self.letter.ask
                else _("Leave this empty: the letter has no locked ask.")
            )
            raise ValidationError({"ask": words})
        self.letter.check_words(self)

    @property
    def suggested(self):
        return self.letter


register(LetterText, stays=["letter", "language", "published_at"])
