"""What came to us by mail: which kind of message, and never its words for long."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from outbox.suppressions import address_hash


class IncomingKind(models.TextChoices):
    """What a message was, and so what became of it; the desk has words for each."""

    # That an email came back, arrived or is called spam.
    REPORT = "report"
    ANSWER = "answer"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    # An email of our own that came to us.
    OURS = "ours"


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def of_address(self, email: str) -> Self:
        """The messages that came from this exact address, by their own word."""
        return self.filter(address_hash=address_hash(email))

    def replies_since(self, moment: datetime) -> Self:
        return self.filter(kind=IncomingKind.REPLY, arrived_at__gt=moment)

    def erase(self) -> tuple[int, dict[str, int]]:
        return self.delete()

    def export(self) -> list[dict[str, Any]]:
        rows: Iterable[IncomingMail] = self.order_by("pk")
        return [{gettext("sent"): row.arrived_at.isoformat()} for row in rows]


class IncomingMail(models.Model):
    """One message that came: that it did, and a reply until it is forwarded.

    The row keeps a message that comes again from doing anything twice.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    arrived_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=10, choices=IncomingKind)
    # Of a reply, until it has been forwarded.
    raw = models.BinaryField(null=True)
    address_hash = models.BinaryField(max_length=16, null=True)
    language = models.CharField(max_length=10, blank=True)

    objects = IncomingMailQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="of_address",
        identifies=("address_hash", "raw"),
        order=5,
        kept=(
            Kept(
                name="replies",
                words=_("emails to us that we could not forward"),
                period="REPORTS_COUNT_DAYS",
                since="arrived_at",
                where=Q(raw__isnull=False),
                empties={"raw": None},
            ),
            Kept(
                name="incoming emails",
                words=_("notes that an email came to us"),
                period="KEEP_MAIL_NOTES_DAYS",
                since="arrived_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("incoming email")
        verbose_name_plural = _("emails that came to us")
        indexes = [
            models.Index("kind", "arrived_at", name="incoming_by_kind"),
            models.Index("address_hash", name="incoming_from"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
