from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from outbox.models import OutgoingMail
from pages.languages import languages_of_desk
from staff.accounts.models import User

# The kind of alert for a network or mail domain with far more than its share.
ABOVE_SHARE = "share"


class AlertQuerySet(models.QuerySet):
    def sound(self, kind, about, subject, words, page, *, until_closed=False):
        """Note that a person should look at something, and mail the campaigners.

        Each of them reads it in a language of their own, whoever was at work when it
        happened: `subject` and `words` are lazy texts, or functions that make them.

        `about` tells alerts of one kind apart. The same alert is made at most once in
        24 hours and, with `until_closed`, not again before it is closed. `subject` is
        that of its mail, and `page` is where to look. Returns the alert, or None.
        """
        since = timezone.now() - timedelta(days=1)
        with transaction.atomic():
            said = Q(at__gt=since)
            if until_closed:
                said |= Q(closed_at=None)
            if self.filter(said, kind=kind, about=about).exists():
                return None
            first, *others = sorted(
                languages_of_desk(), key=lambda code: code != settings.LANGUAGE_CODE
            )
            alert = self.create(
                **_said(first, subject, words),
                in_languages={code: _said(code, subject, words) for code in others},
                **{"kind": kind, "about": about, "page": page},
            )
            campaigners = User.objects.campaigners()
            OutgoingMail.objects.queue_for_staff("alert", alert.pk, campaigners)
        return alert

    def close(self, by=None):
        """Close these alerts; returns how many were open.

        `by` is None when the thing that they tell of has ended by itself.
        """
        return self.filter(closed_at=None).update(closed_at=Now(), closed_by=by)


def _said(language, subject, words):
    with override(language):
        made = [each() if callable(each) else each for each in (subject, words)]
        return dict(zip(("subject", "words"), map(str, made), strict=True))


class Alert(models.Model):
    """Something that staff should look at. It holds no personal data."""

    kind = models.CharField(_("kind"), max_length=40)
    # Long enough for any mail domain, with a key or two.
    about = models.CharField(_("about"), max_length=300)
    # In some languages it is far longer than in English.
    subject = models.CharField(_("subject"), max_length=200)
    words = models.TextField(_("what happened"))
    # The same two in the other languages of the desk.
    in_languages = models.JSONField(default=dict, db_default={}, editable=False)
    page = models.CharField(_("page"), max_length=200)
    at = models.DateTimeField(_("when"), db_default=Now())
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects = AlertQuerySet.as_manager()
    personal_data = PersonalData(
        texts=("subject", "words", "in_languages"),
        about_nobody=("kind", "about", "page"),
        kept=(
            Kept(
                name="alerts",
                words=_("alerts to the people who work here"),
                period="KEEP_AUDIT_DAYS",
                since="at",
            ),
            # An alert may name a network by its hash; it goes when hashes of networks
            # do.
            Kept(
                name="alerts about networks",
                words=_("alerts that name a network by its scrambled form"),
                period="KEEP_NETWORK_HASH_DAYS",
                since="at",
                where=Q(kind=ABOVE_SHARE, about__contains=" network "),
            ),
        ),
    )

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-pk"]
        indexes = [models.Index("kind", "about", "at", name="alerts_by_kind")]

    def __str__(self):
        return self.told["words"]

    @property
    def address(self):
        """Where to look: its page, or the inbox if the staff site has it no more.

        Every page of the staff site has a name there; only the one that says “not
        found”, and one that leads on to a row with such a key, have none.
        """
        path = urlsplit(self.page).path
        if path.startswith("/admin/") and not resolve(path).url_name:
            return reverse("inbox")
        return self.page

    @property
    def told(self):
        """Its subject and words in the present language."""
        here = {"subject": self.subject, "words": self.words}
        return self.in_languages.get(get_language(), here)
