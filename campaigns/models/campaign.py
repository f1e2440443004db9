import secrets
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from branding.site import the_site
from campaigns.models.address import FormerSlug, validate_slug_is_free
from campaigns.models.milestone import Life
from campaigns.pictures import picture_files
from campaigns.pictures.pictured import Pictured
from safeguards.posing import TITLE
from safeguards.protected_names import Protected, ProtectedQuerySet
from versions.texts import register

LONGEST_RICH = 50_000  # characters with their markup: ten pages of a book
STORY_EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
}


def _signer(draft):
    """Signs the links of one draft, until the draft has another key."""
    return signing.Signer(salt=f"campaigns.draft {draft.draft_key}", sep=".")


def ended(path=""):
    """A function that makes the filter of campaigns that ended before a moment.

    With a path, it filters rows that have such a campaign at the end of this path.
    """
    names = [f"{path}__{name}".lstrip("_") for name in ("closes_at", "closed_at")]

    def before(moment):
        by_calendar, by_hand = (Q(**{f"{name}__lt": moment}) for name in names)
        return by_calendar | by_hand

    return before


class CampaignQuerySet(ProtectedQuerySet):
    def published(self):
        """The campaigns that visitors may see.

        Drafts, and campaigns that open later, are a 404; deleted ones are a 410
        (campaigns.gone).
        """
        return self.filter(
            published_at__lte=Now(), opens_at__lte=Now(), deleted_at__isnull=True
        )

    def not_deleted(self):
        return self.filter(deleted_at=None)

    def open(self):
        """Campaigns in which people can act now; the same rule as Campaign.is_open."""
        return self.published().filter(
            Q(closes_at__isnull=True) | Q(closes_at__gt=Now()), closed_at__isnull=True
        )

    def ended(self):
        return self.published().filter(
            Q(closes_at__lte=Now()) | Q(closed_at__isnull=False)
        )

    def ended_before(self, moment):
        """Ended before, by the calendar or by hand, as `ended_at` says it."""
        return self.filter(ended()(moment))

    def in_language(self, language):
        return self.filter(language=language)

    def for_draft_token(self, token):
        """The campaign that a draft link shows. Raises DoesNotExist."""
        pk = token.partition(".")[0]
        found = (
            self.not_deleted()
            .exclude(draft_key="")
            .get(pk=pk if pk.isdecimal() else None)
        )
        try:
            _signer(found).unsign(token)
        except signing.BadSignature:
            raise self.model.DoesNotExist from None
        return found


def languages():
    return settings.LANGUAGES


def first_language():
    return settings.LANGUAGE_CODE


@cache
def timezones():
    """The names of all time zones; cached, since Python searches the disk for them."""
    return frozenset(available_timezones())


def validate_timezone(name):
    if name not in timezones():
        raise ValidationError(
            _("Enter a time zone by its IANA name, like America/Los_Angeles.")
        )


class Campaign(Protected, Pictured):
    """An action page: the story, the dates, the reading and the call for action."""

    KINDS = ("wide", "square")
    NAMES = (*Pictured.NAMES, "share_image")

    title = models.CharField(
        _("title"), max_length=160, help_text=_("Who, where and what.")
    )
    title_ask = models.CharField(
        _("second line of the title"),
        max_length=160,
        blank=True,
        help_text=_("What it is time for. Shown in colour."),
    )
    slug = models.SlugField(
        _("address"),
        unique=True,
        max_length=80,
        validators=[validate_slug_is_free],
        help_text=_(
            "The page is at this name. Keep it short. When it changes, links to the "
            "old one still lead here."
        ),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=languages, default=first_language
    )
    summary = models.CharField(
        _("the ask in one sentence"),
        max_length=300,
        help_text=_("Stands under the title, on cards and in search results."),
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
        help_text=_("A quotation is set large; one is enough."),
    )
    reading_title = models.CharField(
        _("title of the background reading"), max_length=160, blank=True
    )
    call_for_action = models.TextField(
        _("call for action"),
        max_length=5000,
        blank=True,
        help_text=_("Stands over the letter. An empty line starts a new paragraph."),
    )
    outcome = models.TextField(
        _("outcome"),
        max_length=5000,
        blank=True,
        help_text=_("Shown when the campaign has ended: what was reached, by whom."),
    )

    event_name = models.CharField(
        _("event"), max_length=60, blank=True, help_text=_("Like “Visit”.")
    )
    event_starts = models.DateField(_("event starts"), null=True, blank=True)
    event_ends = models.DateField(_("event ends"), null=True, blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_timezone]
    )
    opens_at = models.DateTimeField(_("opens"), default=now)
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_("Signing and writing end then. Empty: until closed by hand."),
    )
    published_at = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("Empty: a draft that only staff can see."),
    )
    closed_at = models.DateTimeField(_("closed by hand"), null=True, blank=True)
    # The draft link is signed with this key. Another key, or none, ends older links.
    draft_key = models.CharField(
        max_length=22, blank=True, default="", db_default="", editable=False
    )
    # Hidden since then, with all that people did there, until it comes back or is
    # deleted for ever.
    deleted_at = models.DateTimeField(
        _("deleted"), null=True, blank=True, editable=False
    )
    # The image that other websites show of it, with its title and picture; see
    # to_make().
    share_image = models.CharField(
        max_length=32, blank=True, editable=False, default="", db_default=""
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
        it.
        """
        with transaction.atomic():
            before = Campaign.objects.filter(pk=self.pk, published_at__isnull=False)
            old = before.values("slug", "language").first() if self.pk else None
            super().save(**kwargs)
            now = {"slug": self.slug, "language": self.language}
            if old not in (None, now):
                FormerSlug.objects.filter(**now).delete()
                FormerSlug.objects.create(campaign=self, **old)

    def protected_names(self):
        return [(TITLE, self.title)]

    def get_absolute_url(self):
        with translation.override(self.language):
            return reverse("campaigns:campaign", kwargs={"slug": self.slug})

    def clean(self):
        """Refuse a former address of another campaign: people have links to that."""
        former = FormerSlug.objects.filter(slug=self.slug).exclude(campaign=self.pk)
        if found := former.select_related("campaign").first():
            raise ValidationError(
                {
                    "slug": _(
                        "This was the address of “%(campaign)s”, and links to it still "
                        "lead there. Choose another."
                    )
                    % {"campaign": found.campaign}
                }
            )

    @property
    def draft_url(self):
        """Where somebody who has the link sees the draft; empty if there is no link."""
        if not self.draft_key:
            return ""
        token = _signer(self).sign(str(self.pk))
        with translation.override(self.language):
            return reverse("campaigns:draft", kwargs={"token": token})

    def make_draft_link(self):
        """Make a new draft link; an older link shows nothing from now on."""
        self.draft_key = secrets.token_urlsafe(16)
        self.save(update_fields=["draft_key"])

    def revoke_draft_link(self):
        self.draft_key = ""
        self.save(update_fields=["draft_key"])

    @property
    def full_title(self):
        return f"{self.title} – {self.title_ask}" if self.title_ask else self.title

    @property
    def is_published(self):
        moment = now()
        return bool(
            self.published_at
            and self.published_at <= moment
            and self.opens_at <= moment
            and self.deleted_at is None
        )

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
        return ZoneInfo(self.timezone)

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
        return last_moment.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def days_left(self):
        """Whole days until it closes, in its own time zone; 0 on the last day."""
        if self.closes_on is None:
            return None
        today = now().astimezone(ZoneInfo(self.timezone)).date()
        return max(0, (self.closes_on - today).days)

    @cached_property
    def life(self):
        """The campaign's milestones, the newest first (campaigns.models.Life)."""
        return Life(self.milestones.all())

    def share(self):
        return {
            "title": self.title,
            "ask": self.title_ask,
            "site": the_site().name,
            "colours": picture_files.share_colours(),
        }

    def to_make(self):
        due = super().to_make()
        shown = [self.picture, self.picture_x, self.picture_y] if self.picture else []
        drawn = picture_files.name_for(self.share(), shown)
        if drawn != self.share_image:
            due["share_image"] = drawn
        return due

    def close(self):
        """End the campaign by hand, now. Safe to call twice."""
        Campaign.objects.filter(pk=self.pk, closed_at=None).update(closed_at=Now())
        self.refresh_from_db(fields=["closed_at"])


register(
    Campaign,
    rows=["readings", "milestones"],
    left_out=["closed_at"],
    stays=[
        "slug",
        "language",
        "published_at",
        "opens_at",
        "closes_at",
        *Campaign.OF_THE_PICTURE,
    ],
    instead=_(
        "Close it instead: people can read it, and nobody signs or writes any more. Or "
        "take it off the site: empty “published”."
    ),
)
