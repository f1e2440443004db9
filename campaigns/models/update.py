from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from campaigns.models.campaign import Campaign
from campaigns.models.rich_text import LONGEST_RICH, STORY_EXTENSIONS
from campaigns.models.told import Localized, TextInLanguage, in_languages
from campaigns.pictures import picture_files
from campaigns.pictures.pictured import Pictured
from campaigns.text import as_text
from pages.addresses import absolute, absolute_reverse
from versions.texts import register


class UpdateQuerySet(models.QuerySet):
    def published(self):
        """Updates visitors may see, the newest first; the same rule as is_published."""
        shown = self.filter(published_at__isnull=False)
        return shown.order_by("-published_at", "-pk")

    def scheduled(self):
        """Updates that are to appear by themselves, at their time."""
        return self.filter(publish_at__isnull=False, published_at=None)

    def due(self):
        """Updates whose time has come, but that nobody sees yet."""
        return self.filter(publish_at__lte=timezone.now(), published_at=None)


class Update(Localized, Pictured):
    """News of a campaign: on its page, in its feed, and in its followers' mail."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        related_name="updates",
        verbose_name=_("campaign"),
    )
    title = models.CharField(_("title"), max_length=160)
    subject = models.CharField(
        _("subject of the email"),
        max_length=160,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "If empty, the title. Saving sends no email: that is a step of its own, on"
            " the update’s page."
        ),
    )
    preheader = models.CharField(
        _("preview of the email"),
        max_length=160,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "Mail apps show it after the subject, before people open the email."
        ),
    )
    text = ProseEditorField(
        _("text"),
        max_length=LONGEST_RICH,
        extensions=STORY_EXTENSIONS,
        sanitize=True,
    )
    is_outcome = models.BooleanField(
        _("this is the outcome"),
        default=False,
        db_default=False,
        help_text=_(
            "We also send it, once, to signers who asked to hear how it ended."
        ),
    )
    follow_up = models.ForeignKey(
        Campaign,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("what to sign next"),
        help_text=_("People who get this by email can sign its petition with one tap."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_(
            "To publish it now, choose today and the current time. If empty, this is a "
            "draft that only staff can see."
        ),
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_alt=""),
                name="picture_says_what_it_shows",
                violation_error_message=_("Say what the picture shows."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(publish_at__isnull=False),
                name="published_update_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                "campaign",
                models.F("published_at").desc(),
                models.F("id").desc(),
                condition=Q(published_at__isnull=False),
                name="published_updates",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Its page, in the language in which its campaign is read here."""
        return self.page_in(self.campaign.language_of_pages)

    def page_in(self, language):
        """Its page in a language in which readers get its campaign."""
        with translation.override(language):
            slug = self.campaign.slug
            return reverse("campaigns:update", kwargs={"slug": slug, "pk": self.pk})

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def is_scheduled(self):
        return self.published_at is None and self.publish_at is not None

    @property
    def mailed_subject(self):
        return self.subject or self.title

    @property
    def mailed_url(self):
        """The address of its page, for mails and feeds."""
        return absolute_reverse(
            "campaigns:update",
            self.campaign.language_of_pages,
            slug=self.campaign.slug,
            pk=self.pk,
        )

    @property
    def mailed_picture_url(self):
        return picture_files.absolute_url(self.picture, f"{picture_files.SMALL}.jpg")

    @property
    def shared_picture_url(self):
        return picture_files.absolute_url(self.picture, f"{picture_files.LARGE}.jpg")

    @property
    def mailed_campaign_url(self):
        return absolute(self.campaign.get_absolute_url())

    @property
    def mailed_picture_width(self):
        """How wide the picture is in a mail, whose column has 552 pixels."""
        return min(self.picture_width, 552)

    @property
    def plain_text(self):
        return as_text(self.text)

    def publish(self):
        """Show it, if its time has come. Safe to call twice."""
        Update.objects.due().filter(pk=self.pk).update(published_at=timezone.now())
        self.refresh_from_db(fields=["published_at"])

    def unschedule(self):
        """Make it a draft again, if it has not appeared yet."""
        Update.objects.scheduled().filter(pk=self.pk).update(publish_at=None)

    def withdraw(self):
        """Take it off the page: it is a draft again, or waits. Safe to call twice."""
        Update.objects.filter(pk=self.pk).update(published_at=None)
        self.published_at = None


register(
    Update,
    left_out=["author"],
    stays=["campaign", "publish_at", *Pictured.OF_THE_PICTURE],
    instead=_("Take it off the page instead: open it, and empty “Publish at”."),
)


@in_languages
class UpdateText(TextInLanguage):
    """What an update says in a further language, on its page, in feed and mails."""

    TOLD = ("title", "text", "subject", "preheader", "picture_alt")
    LEFT_IN_FIRST = frozenset({"picture_alt"})
    SOURCE = "update"
    CAMPAIGN = "update__campaign"

    update = models.ForeignKey(
        Update, on_delete=models.CASCADE, related_name="texts", verbose_name=_("update")
    )
    title = Update._meta.get_field("title").clone()
    # A clone of this field would not clean what is typed.
    text = ProseEditorField(
        _("text"), max_length=LONGEST_RICH, extensions=STORY_EXTENSIONS, sanitize=True
    )
    subject = Update._meta.get_field("subject").clone()
    preheader = Update._meta.get_field("preheader").clone()
    picture_alt = Update._meta.get_field("picture_alt").clone()

    class Meta:
        verbose_name = _("translated update")
        verbose_name_plural = _("translated updates")
        ordering = ["-update", "language"]
        constraints = [
            models.UniqueConstraint(
                "update",
                "language",
                name="one_text_of_an_update_a_language",
                violation_error_message=_(
                    "The update has a text in this language already. Change that."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.language})"

    @classmethod
    def is_of_draft(cls, row):
        return not row.is_published

    def get_absolute_url(self):
        return self.update.page_in(self.language)

    def clean(self):
        if self.update_id and self.language == self.update.campaign.language:
            words = _("The words in this language are those of the update itself.")
            raise ValidationError({"language": words})


register(UpdateText, stays=["update", "language", "published_at"])


def tell_updates(updates, language=None):
    """Let these updates say what they have in a language, usually the present one.

    One statement for all of them; none if they are in this language already.
    """
    language = language or translation.get_language()
    several = len(settings.LANGUAGES) > 1
    others = {
        update.pk: update
        for update in updates
        if several and update.told is None and update.first_language != language
    }
    if others:
        texts = UpdateText.objects.published().filter(language=language)
        for text in texts.filter(update__in=others):
            others[text.update_id].localize(text)


# The action page shows so many; a link leads to the rest.
ON_THE_PAGE = 3
