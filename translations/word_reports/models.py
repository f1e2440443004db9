"""What readers say of a wrong word; the group alone reads it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.languages_desk import languages_desk
from campaigns.models import Campaign, languages
from database.kept import Kept, networks_kept
from database.personal_data import PersonalData
from pages.addresses import absolute

# The same words from the same network within this time are a button pressed twice.
TWICE = timedelta(minutes=10)


class WordReportQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has dealt with."""
        return self.filter(settled_at=None)

    def waiting(self):
        """Those of them that somebody should read; the others are on the list, too."""
        return self.open().filter(is_suspect=False)

    def take(self, *, network_hash, is_suspect=False, **what):
        """Store one, unless the same came a moment ago from the same network."""
        since = timezone.now() - TWICE
        same = self.filter(network_hash=network_hash, reported_at__gt=since, **what)
        if not (network_hash and same.exists()):
            self.create(network_hash=network_hash, is_suspect=is_suspect, **what)

    def settle(self, *, by):
        """Somebody has dealt with these; returns how many."""
        return self.open().update(settled_at=timezone.now(), settled_by=by)

    def unsettle(self):
        """Let them wait again."""
        return self.update(settled_at=None, settled_by=None)


class WordReport(models.Model):
    """A word that a reader of a translated page thinks is wrong."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("campaign"),
    )
    location = models.CharField(_("page"), max_length=500)
    language = models.CharField(_("language"), max_length=10, choices=languages)
    words = models.TextField(_("what is wrong"), max_length=1000)
    better = models.TextField(_("how it should read"), max_length=1000, blank=True)
    # Whether it holds what makes other texts of strangers wait, such as a web address.
    is_suspect = models.BooleanField(_("looks like advertising"), default=False)
    network_hash = models.CharField(max_length=32, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    settled_at = models.DateTimeField(_("done"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("done by"),
    )

    objects = WordReportQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("network_hash",),
        texts=("location", "words", "better"),
        kept=(
            Kept(
                name="wrong words",
                words=_("what readers wrote about wrong words, after we dealt with it"),
                period="KEEP_REPORT_WORDS_DAYS",
                since="settled_at",
            ),
            Kept(
                name="undecided wrong words",
                words=_(
                    "what readers wrote about wrong words, if nobody deals with it"
                ),
                period="KEEP_HELD_DAYS",
                since="reported_at",
                where=Q(settled_at=None),
            ),
            networks_kept(
                "networks of wrong words",
                _(
                    "scrambled forms of the networks that reports of wrong words came "
                    "from"
                ),
                since="reported_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("wrong word")
        verbose_name_plural = _("wrong words")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                "reported_at", condition=Q(settled_at=None), name="open_wrong_words"
            )
        ]

    def __str__(self):
        return self.words[:60]

    @property
    def translation_page(self):
        """Where staff correct it, if it is of a campaign's translation."""
        if self.campaign is None or self.language == self.campaign.language:
            return ""
        return languages_desk(self.campaign).page(self.language)

    @property
    def url(self):
        return absolute(self.location)
