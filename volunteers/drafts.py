"""What was written of a translation, and from which words it was translated."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, languages
from volunteers.requests import TranslationRequest


class TranslatedTextQuerySet(models.QuerySet):
    def of(self, campaign, language):
        return self.filter(campaign=campaign, language=language)

    def waiting(self):
        """What readers do not have yet."""
        return self.filter(waits=True)


class TranslatedText(models.Model):
    """One text of a campaign in one language, as somebody has written it.

    While it `waits`, readers have what is in the row of its model (CampaignText and its
    like), and these words take its place when they are published. Afterwards it says
    from which words of the first language that text was made.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="translated_texts"
    )
    language = models.CharField(max_length=10, choices=languages)
    # Which text: its part and its field, as in "campaign-12.title".
    what = models.CharField(max_length=100)
    words = models.TextField(blank=True)
    source = models.TextField(blank=True)
    source_at = models.DateTimeField(default=timezone.now)
    waits = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)
    # Empty if one of the staff wrote it.
    by = models.ForeignKey(
        TranslationRequest, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = TranslatedTextQuerySet.as_manager()

    class Meta:
        db_table = "translations_translatedtext"
        verbose_name = _("text that was translated")
        verbose_name_plural = _("texts that were translated")
        constraints = [
            models.UniqueConstraint(
                "campaign", "language", "what", name="one_translation_of_a_text"
            )
        ]

    def __str__(self):
        return f"{self.what} ({self.language})"
