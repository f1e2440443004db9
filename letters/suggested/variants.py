import random

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from database.prepared import Given, PreparedQuery
from letters.suggested import placeholders


class Variant(models.Model):
    """Another subject or opening, so that officials do not read the same every time."""

    class Part(models.TextChoices):
        SUBJECT = "subject", _("subject")
        OPENING = "opening", _("opening")

    letter = models.ForeignKey(
        "letters.SuggestedLetter", on_delete=models.CASCADE, related_name="variants"
    )
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)
    text = models.TextField(_("text"), max_length=1000)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self):
        return self.text

    def clean(self):
        validate = {
            self.Part.SUBJECT: placeholders.validate_subject,
            self.Part.OPENING: placeholders.validate_opening,
        }.get(self.part)
        if validate:
            try:
                validate(self.text)
            except ValidationError as error:
                raise ValidationError({"text": error}) from None


VARIANTS = PreparedQuery(lambda: Variant.objects.filter(letter=Given("letter")))


class Wordings:
    """The subjects and openings of one suggested letter: its own, and the variants."""

    def __init__(self, suggested, variants):
        subjects = [v.text for v in variants if v.part == Variant.Part.SUBJECT]
        self.subjects = [suggested.subject, *subjects]
        self.openings = [v.text for v in variants if v.part == Variant.Part.OPENING]
        self.body = suggested.body

    def draw(self):
        """One of the subjects, and the text with one of the openings, by chance.

        Officials who get the same words many times stop reading, and mail servers take
        them for bulk.
        """
        text = placeholders.with_opening(self.body, self.openings)
        return random.choice(self.subjects), text

    def first(self):
        """The letter's own subject, and the text with its first opening."""
        text = placeholders.with_opening(self.body, self.openings[:1])
        return self.subjects[0], text

    def pairs(self):
        """Each subject with each text that a writer may start from."""
        texts = [
            placeholders.with_opening(self.body, [opening])
            for opening in self.openings or [""]
        ]
        return [(subject, text) for subject in self.subjects for text in texts]
