"""What a campaigner asks of a volunteer: to translate, or to read a translation."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, languages
from database.kept import Kept
from database.personal_data import PersonalData
from outbox.mailed_keys import StandingKey
from outbox.models import OutgoingMail
from pages.addresses import absolute_reverse
from staff.reach import still_may
from supporters.my_page.section import Section

ASKED, PUBLISHED = "translation_asked", "translation_published"
LONGEST_DAYS = 180
# Who may translate a campaign may ask somebody to do it.
ASKS = "campaigns.change_campaigntext"


class TranslationRequestQuerySet(models.QuerySet):
    def open(self):
        """Those whose link works now."""
        return self.filter(closed_at=None, ends_at__gt=timezone.now())

    def for_key(self, key):
        """The request of a link, open or not. Raises DoesNotExist."""
        return self.select_related("campaign", "asked_by").get(
            key=key, campaign__deleted_at=None
        )

    def ask(self, **what):
        """Make a link, and mail it if there is an address."""
        with transaction.atomic():
            made = self.create(**what)
            if made.email:
                OutgoingMail.objects.queue(ASKED, made.pk, made.email)
        return made

    def of_address(self, email):
        return self.filter(email=email)

    def for_my_page(self):
        return self.select_related("campaign").order_by("-pk")

    def export(self):
        return [
            {
                gettext("campaign"): str(each.campaign),
                gettext("language"): each.get_language_display(),
                gettext("name"): each.name,
                gettext("asked on"): each.created_at.isoformat(),
                gettext("handed in"): _moment(each.handed_in_at),
            }
            for each in self
        ]

    def erase(self):
        """Remove who was asked; the link ends, and what was translated stays."""
        closed = self.filter(closed_at=None)
        closed.update(closed_at=timezone.now())
        return self.update(name="", email="")


def _moment(at):
    return at.isoformat() if at else ""


class TranslationRequest(models.Model):
    """A link by which a volunteer works on a campaign in one language, until it ends.

    It may do nothing that its campaigner may not do (any more).

    Whoever has the link may read the drafts of this language and write in them. Updates
    that are not published are shown only `with_drafts`: news may have its day. What
    they write shows to readers once somebody publishes it: staff, or a reader whom they
    have allowed to.
    """

    class Role(models.TextChoices):
        TRANSLATES = "translates", _("translates")
        READS = "reads", _("reads what others translated")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="translation_requests"
    )
    language = models.CharField(_("language"), max_length=10, choices=languages)
    role = models.CharField(
        _("what they do"), max_length=10, choices=Role, default=Role.TRANSLATES
    )
    may_publish = models.BooleanField(_("may publish"), default=False)
    # Whether the link shows updates that readers do not have yet.
    with_drafts = models.BooleanField(_("sees drafts of updates"), default=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    key = StandingKey(unique=True)
    ends_at = models.DateTimeField(_("ends"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    # When they said that they are done.
    handed_in_at = models.DateTimeField(_("handed in"), null=True)
    # When what they wrote was last published.
    published_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    created_at = models.DateTimeField(_("asked on"), default=timezone.now)

    objects = TranslationRequestQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="of_address",
        called=_("What you were asked to translate"),
        section=Section(
            "translations",
            _("What you were asked to translate"),
            "volunteers/_mine.html",
            is_record=True,
        ),
        identifies=("email",),
        texts=("name",),
        kept=(
            Kept(
                name="translation requests",
                words=_("names and addresses of volunteers who translate"),
                period="KEEP_FORMS_DAYS",
                since="ends_at",
                where=~Q(name="", email=""),
                empties={"name": "", "email": ""},
            ),
        ),
    )

    class Meta:
        db_table = "translations_translationrequest"
        verbose_name = _("request for a translation")
        verbose_name_plural = _("requests for translations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(may_publish=False) | Q(role="reads"),
                name="only_a_reader_publishes_a_translation",
            )
        ]

    def __str__(self):
        return self.name or self.email or gettext("a volunteer")

    @property
    def is_open(self):
        return self.closed_at is None and self.ends_at > timezone.now()

    @cached_property
    def is_answered_for(self):
        """Whether who asked still may. If not, the link waits for somebody else."""
        return self.maker_may(ASKS)

    def maker_may(self, permission):
        """Whether who asked may do this in the campaign: the link may no more."""
        return still_may(self.asked_by, permission, self.campaign_id)

    @property
    def reads(self):
        return self.role == self.Role.READS

    @property
    def url(self):
        """The link, in the language into which somebody translates."""
        return absolute_reverse("volunteers:link", self.language, key=self.key)

    def close(self):
        """End the link. Safe to call twice."""
        mine = TranslationRequest.objects.filter(pk=self.pk, closed_at=None)
        mine.update(closed_at=timezone.now())
        self.refresh_from_db(fields=["closed_at"])

    def take_over(self, user):
        """Let somebody else answer for an open link that waits for that.

        Returns whether they answer for it now, and may: then it works again.
        """
        if self.is_open and not self.is_answered_for:
            mine = TranslationRequest.objects.filter(pk=self.pk, closed_at=None)
            mine.filter(asked_by=self.asked_by_id).update(asked_by=user)
            self.refresh_from_db()
            del self.is_answered_for
        return self.is_open and self.asked_by == user and self.is_answered_for

    def hand_in(self):
        """Note that they are done with what stands there now."""
        self.handed_in_at = timezone.now()
        self.save(update_fields=["handed_in_at"])

    def tell_published(self):
        """Have them told that readers have what they wrote; one mail for all so far."""
        self.published_at = timezone.now()
        self.save(update_fields=["published_at"])
        waiting = OutgoingMail.objects.open().filter(purpose=PUBLISHED, about=self.pk)
        if self.email and not waiting.exists():
            OutgoingMail.objects.queue(PUBLISHED, self.pk, self.email)


def in_days(days):
    """The moment so many days from now, at which a link ends."""
    return timezone.now() + timedelta(days=days)
