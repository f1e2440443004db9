from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from supporters.models.confirmation import Confirmation


class ConsentQuerySet(models.QuerySet):
    def record(self, confirmation, given, page):
        """Note what was agreed to: (kind, exact words, version) each, and the page."""
        return self.bulk_create(
            Consent(
                confirmation=confirmation,
                kind=kind,
                words=words,
                version=version,
                language=confirmation.language,
                page=page,
            )
            for kind, words, version in given
        )


class Consent(models.Model):
    """What somebody agreed to: the exact words, when, and on which page."""

    confirmation = models.ForeignKey(
        Confirmation, on_delete=models.CASCADE, related_name="consents"
    )
    kind = models.CharField(max_length=20)
    words = models.TextField(_("exact words"))
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    page = models.CharField(max_length=300)
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self):
        return f"{self.kind}: {self.words}"
