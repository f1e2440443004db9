"""Visits of officials to the page of their own, and the links that open it."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from letters.officials.activity import OfficialActivity
from letters.recipients.models import Recipient
from outbox.mailed_keys import OneTimeKey, WithLink
from outbox.models import OutgoingMail


def make_key():
    return secrets.token_urlsafe(16)


def link_limit():
    """A link in a mail that was sent before this moment does not work any more."""
    return timezone.now() - timedelta(minutes=settings.VISIT_LINK_MINUTES)


class OfficialVisitQuerySet(models.QuerySet):
    def request(self, recipient):
        """Mail the way in to the address that we hold; whoever asks gets nothing."""
        with transaction.atomic():
            visit = self.create(recipient=recipient, email=recipient.email)
            OutgoingMail.objects.queue("official_page", visit.pk, visit.email)
        return visit

    def waiting(self):
        """Not opened yet, and the mail, if there was one, is still good."""
        return self.filter(opened_at=None).exclude(sent_at__lt=link_limit())


class OfficialVisit(WithLink):
    """One visit to an official's page, opened from the mailbox that we hold for them.

    It is like a supporter's visit (decision 10): the key in the mail is random, works
    once and for an hour, and is stored as a hash. The key in the page's address opens
    nothing without the browser's cookie. Both end when the official has another
    address.
    """

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="visits"
    )
    email = models.CharField(max_length=254)
    key = models.CharField(max_length=22, unique=True, default=make_key)
    mail_key = OneTimeKey()
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    objects = OfficialVisitQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("email",),
        about_nobody=("mail_key",),
        kept=(
            Kept(
                name="visits of officials",
                words=_("emailed links to officials’ pages"),
                period=1,
                since="created_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("visit of an official")
        verbose_name_plural = _("visits of officials")

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_used(self):
        """Whether its link has been used."""
        return self.opened_at is not None

    @property
    def is_of_today(self):
        """Whether it belongs to the official to whom we would write now."""
        return not self.recipient.left_office_on and self.email == self.recipient.email

    @property
    def is_waiting(self):
        """Whether the link in its mail is still good."""
        is_late = self.sent_at and self.sent_at < link_limit()
        return self.opened_at is None and not is_late and self.is_of_today

    @property
    def is_going_on(self):
        since = timezone.now() - timedelta(hours=settings.VISIT_HOURS)
        return bool(self.opened_at and self.opened_at >= since) and self.is_of_today

    @property
    def is_superseded(self):
        """Whether a newer one waits for the same mailbox."""
        newer = OfficialVisit.objects.waiting().filter(pk__gt=self.pk)
        return newer.filter(recipient=self.recipient_id).exists()

    @property
    def may_be_mailed(self):
        """Whether the link is still to be mailed."""
        return not (self.opened_at or self.sent_at) and self.is_of_today

    def open(self):
        """Let them in, once; False when it was opened before, or is too old."""
        with transaction.atomic():
            opened = OfficialVisit.objects.waiting().filter(pk=self.pk)
            if not opened.update(opened_at=Now()):
                return False
            OfficialActivity.note(self.recipient, OfficialActivity.Kind.OPENED)
        return True
