import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from campaigns.models import address
from campaigns.models.address import (
    FormerSlug,
    SlugInSmallLetters,
    validate_slug_is_free,
)
from campaigns.models.campaigns import CampaignQuerySet, draft_signer
from campaigns.models.end import WithEnd
from campaigns.models.milestone import Life, refuse_to_come
from campaigns.models.offices import offices_named_by
from campaigns.models.rich_text import LONGEST_RICH, STORY_EXTENSIONS
from campaigns.models.told import Localized, languages
from campaigns.models.told_beside import WithTextsBeside
from campaigns.models.zones import the_sites_zone, validate_timezone, zone_named
from campaigns.pictures.pictured import Pictured, WithShareImage
from safeguards.posing import TITLE
from safeguards.protected_names import Protected
from staff.models import User
from staff.reach import still_may
from versions.texts import register


def first_language():
    return settings.LANGUAGE_CODE


class Campaign(
    Localized, WithTextsBeside, WithEnd, Protected, WithShareImage, Pictured
):
    """An action page: the story, the dates, the reading and the call for action."""

    KINDS = ("wide", "square")
    NAMES = (*Pictured.NAMES, *WithShareImage.NAMES)

    title = models.CharField(
        _("title"), max_length=160, help_text=_("Say who, where and what.")
    )
    title_ask = models.CharField(
        _("second line of the title"),
        max_length=160,
        blank=True,
        help_text=_("What it is time for. It appears in colour."),
    )
    slug = SlugInSmallLetters(
        _("address"),
        unique=True,
        max_length=80,
        validators=[validate_slug_is_free],
        help_text=_(
            "The address of the page. Keep it short. If you change it later, old "
            "links still work."
        ),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=languages, default=first_language
    )
    summary = models.CharField(
        _("the ask in one sentence"),
        max_length=300,
        help_text=_("Appears under the title, on cards and in search results."),
    )
    happening = models.CharField(_("what is happening"), max_length=300, blank=True)
    wrong = models.CharField(_("what is wrong"), max_length=300, blank=True)
    asked = models.CharField(_("what we ask"), max_length=300, blank=True)
    story = ProseEditorField(
        _("story"),
        max_length=LONGEST_RICH,
        extensions=STORY_EXTENSIONS,
        sanitize=True,
        blank=True,
        help_text=_(
            "Quotations appear in large type. Write [picture 1] to place a picture."
        ),
    )
    reading_title = models.CharField(
        _("title of the background reading"), max_length=160, blank=True
    )
    call_for_action = models.TextField(
        _("call for action"),
        max_length=5000,
        blank=True,
        help_text=_("Appears above the letter. An empty line starts a new paragraph."),
    )
    share_text = models.CharField(
        _("message to share"),
        max_length=200,
        blank=True,
        help_text=_("It goes to a friend with the link. If empty, the title does."),
    )
    thanks_text = models.TextField(
        _("text of the thank-you email"),
        max_length=2000,
        blank=True,
        help_text=_("It goes once to each signer. If empty, we use our own words."),
    )
    outcome = models.TextField(
        _("outcome"),
        max_length=5000,
        blank=True,
        help_text=_("Appears after the end: what you achieved, and who decided."),
    )
    outcome_day = models.DateField(
        _("day of the outcome"),
        null=True,
        blank=True,
        help_text=_("If empty, the day on which you enter it."),
    )
    outcome_url = models.URLField(
        _("source of the outcome"),
        blank=True,
        help_text=_("The address where readers can check it."),
    )

    event_name = models.CharField(
        _("event"), max_length=60, blank=True, help_text=_("For example “Visit”.")
    )
    event_starts = models.DateField(_("event starts"), null=True, blank=True)
    event_ends = models.DateField(_("event ends"), null=True, blank=True)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default=the_sites_zone,
        validators=[validate_timezone],
    )
    opens_at = models.DateTimeField(_("opens"), default=now)
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("Signing and writing end then, or when you close it."),
    )
    published_at = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("If empty, this is a draft that only staff can see."),
    )
    closed_at = models.DateTimeField(_("closed by hand"), null=True, blank=True)
    # What the page says of an end by hand (campaigns/ending.py).
    end_reason = models.TextField(max_length=600, blank=True, editable=False)
    # Since when visitors do not see what they have seen before; it answers 410.
    offline_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The draft link is signed with this key. Another key, or none, ends older links.
    draft_key = models.CharField(
        max_length=22, blank=True, default="", db_default="", editable=False
    )
    # Hidden since then, with all that people did there, until it comes back or is
    # deleted for ever.
    deleted_at = models.DateTimeField(
        _("deleted"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_alt=""),
                name="campaign_picture_says_what_it_shows",
                violation_error_message=_("Say what the picture shows."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="campaign_closes_after_it_opens",
                violation_error_message=_("The campaign must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(event_ends__isnull=True)
                | Q(event_starts__isnull=False, event_ends__gte=F("event_starts")),
                name="event_ends_on_or_after_its_start",
                violation_error_message=_("The event must end on or after its start."),
            ),
        ]

    def __str__(self):
        return self.full_title or str(_("Draft without a title"))

    def save(self, **kwargs):
        """Keep the old address of a campaign that was published, if it changes.

        The language is a part of the address: links in the campaign's mails begin with
        it. Also note since when a campaign that visitors have seen is offline.
        """
        with transaction.atomic(savepoint=False):
            was_seen = Q(published_at__isnull=False) | Q(offline_at__isnull=False)
            stored = Campaign.objects.filter(was_seen, pk=self.pk)
            before = stored.first() if self.pk else None
            if self.outcome and self.outcome_day is None:
                self.outcome_day = self.today
            if self._appears:
                self.offline_at = None
            elif before and before._appears:
                self.offline_at = now()
            if fields := kwargs.get("update_fields"):
                kwargs["update_fields"] = {*fields, "offline_at"}
            super().save(**kwargs)
            here = {"slug": self.slug, "language": self.language}
            old = before and {"slug": before.slug, "language": before.language}
            if old != here:
                transaction.on_commit(address.learn)
            if old not in (None, here):
                FormerSlug.objects.filter(**here).delete()
                FormerSlug.objects.create(campaign=self, **old)
                address.drop_texts_in_first(self)
                self.note_asks_of_another_language(before.language)
        address.forget_pages(self)

    def protected_names(self):
        """Its title, and whom its texts name as holding an office, in each language."""
        return [(TITLE, self.title), *offices_named_by(self)]

    def get_absolute_url(self):
        with translation.override(self.language_of_pages):
            return reverse("campaigns:campaign", kwargs={"slug": self.slug})

    def clean(self):
        """Refuse a former address of another campaign: people have links to that.

        Also refuse another first language if readers would sign something else by it.
        """
        refuse_to_come("outcome_day", self.outcome_day, self.today)
        self.refuse_past_end(self.closes_at)
        address.refuse_taken(self.slug, self.language, self.pk, is_first=True)
        if stored := Campaign.objects.filter(pk=self.pk).first():
            self.refuse_asks_of_another_language(stored.language)

    @property
    def draft_url(self):
        """Where somebody who has the link sees the draft; empty if no link works."""
        if not self.draft_key or not self.draft_maker_may:
            return ""
        token = draft_signer(self).sign(str(self.pk))
        with translation.override(self.language):
            return reverse("campaigns:draft", kwargs={"token": token})

    def make_draft_link(self, by=None):
        """Make a new draft link; an older link shows nothing from now on.

        Its key begins with that of the account, which answers for it.
        """
        maker = f"{by.pk}." if by else ""
        self.draft_key = (maker + secrets.token_urlsafe(16))[:22]
        self.save(update_fields=["draft_key"])

    @property
    def draft_maker_may(self):
        """Whether who made the draft link may still show the draft to others."""
        maker, dot, _random = self.draft_key.partition(".")
        if not dot:  # it was made outside the desk, or by an earlier version of it
            return True
        found = User.objects.filter(pk=maker).first()
        return still_may(found, "campaigns.change_campaign", self.pk)

    def revoke_draft_link(self):
        self.draft_key = ""
        self.save(update_fields=["draft_key"])

    @property
    def full_title(self):
        return f"{self.title} – {self.title_ask}" if self.title_ask else self.title

    @property
    def is_published(self):
        return self._appears and self.deleted_at is None

    @property
    def _appears(self):
        """Whether its dates let visitors see it now."""
        return bool(self.published_at) and self.appears_at <= now()

    @property
    def appears_at(self):
        """When visitors see it, or first saw it; None for a draft."""
        return self.published_at and max(self.published_at, self.opens_at)

    @property
    def is_scheduled(self):
        """Whether it will appear by itself, at a time to come."""
        return bool(self.published_at) and not self.is_published

    def publish(self, at=None):
        """Show it from now on, or from a time to come. No job is needed for that.

        It also opens then, unless its own date opens it later.
        """
        at = at or now()
        opens_with_it = self.opens_at in (self.published_at, at)
        self.opens_at = at if opens_with_it else max(self.opens_at, at)
        self.published_at = at
        self.save(update_fields=["published_at", "opens_at", "updated_at"])

    def unschedule(self):
        """Make it a draft again before anybody saw it. False if it is public by now."""
        if self.is_published:
            return False
        if self.opens_at == self.published_at:
            self.opens_at = now()
        self.published_at = None
        self.save(update_fields=["published_at", "opens_at", "updated_at"])
        return True

    @property
    def zone(self):
        """The site's for a name that is none: a form with such a slip can be shown."""
        return zone_named(self.timezone) or ZoneInfo(the_sites_zone())

    @property
    def is_open(self):
        """Whether people can act now; the same rule as CampaignQuerySet.open()."""
        return self.is_published and not self.has_ended

    @property
    def has_ended(self):
        past = self.closes_at is not None and self.closes_at <= now()
        return past or self.closed_at is not None

    @property
    def ended_at(self):
        """When it closed, by the calendar or by hand, whichever came first."""
        return min(filter(None, [self.closes_at, self.closed_at]), default=None)

    @property
    def closes_on(self):
        """The last day on which people can act, in the campaign's own time zone."""
        if self.closes_at is None:
            return None
        last_moment = self.closes_at - timedelta(microseconds=1)
        return last_moment.astimezone(self.zone).date()

    @property
    def days_left(self):
        """Whole days until it closes, in its own time zone; 0 on the last day."""
        if self.closes_on is None:
            return None
        return max(0, (self.closes_on - self.today).days)

    @property
    def today(self):
        """The day on the clocks of its own time zone."""
        return self.day_of(now())

    def day_of(self, moment):
        """The day of a moment, or None, in its own time zone."""
        return moment and moment.astimezone(self.zone).date()

    @property
    def ended_early(self):
        """Whether it was closed by hand before the day that was announced."""
        return self.closed_at is not None and self.ended_at == self.closed_at

    @cached_property
    def life(self):
        """The campaign's milestones, the newest first (campaigns.models.Life)."""
        return Life(self.tell_beside(self.milestones.all()))

    def have_pictures_made(self):
        """Also the share images of its texts in further languages: they show its
        picture."""
        super().have_pictures_made()
        for text in self.texts.all():
            text.have_pictures_made()


register(
    Campaign,
    rows=["readings", "milestones"],
    left_out=["closed_at", "end_reason", "offline_at"],
    stays=[
        "slug",
        "language",
        "published_at",
        "opens_at",
        "closes_at",
        *Campaign.OF_THE_PICTURE,
    ],
    instead=_(
        "If it is open, you can close it: people can then read it, but not sign or "
        "write. To take it off the site, open “Result and milestones” and empty "
        "“Published”."
    ),
)
