"""Mailboxes that get no mail that comes unasked: one list, by keyed hash."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.keyed_hashes import keyed_hash
from database.moments import day_of
from database.personal_data import PersonalData
from safeguards.mailbox import Mailbox


class Reason(models.TextChoices):
    STOPPED = "stopped", _("its owner wants no emails")
    BOUNCED = "bounced", _("emails to it came back for good")
    COMPLAINED = "complained", _("its owner marked an email as spam")
    NOT_ME = "not_me", _("its owner says that somebody else entered it")


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def in_force(self) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))

    def put(
        self,
        email: str,
        reason: Reason,
        *,
        purpose: str = "",
        until: datetime | None = None,
    ) -> None:
        """Send a mailbox no mail of a purpose, or none at all that comes unasked."""
        self.update_or_create(
            mailbox_hash=mailbox_hash(email),
            purpose=purpose,
            reason=reason,
            defaults={"until": until},
        )

    def lift(self, email: str, *reasons: Reason, purpose: str = "") -> None:
        """Send mail to it again: its owner has shown that they want it, and get it.

        `purpose` lifts what was put for mails of this purpose alone.
        """
        mine = self.filter(mailbox_hash=mailbox_hash(email), reason__in=reasons)
        (mine.filter(purpose=purpose) if purpose else mine).delete()

    def against(self, emails: Iterable[str]) -> dict[tuple[str, str], str]:
        """The reasons by (address, purpose or ""), for addresses on the list."""
        hashes = {mailbox_hash(email): email for email in emails}
        found = self.in_force().filter(mailbox_hash__in=hashes)
        return {
            (hashes[bytes(hashed)], purpose): reason
            for hashed, purpose, reason in found.values_list(
                "mailbox_hash", "purpose", "reason"
            )
        }


class Suppression(models.Model):
    """One mailbox that gets no mail of a purpose, why, and until when."""

    mailbox_hash = models.BinaryField(max_length=16)
    # Empty means every purpose that comes unasked.
    purpose = models.CharField(_("kind of email"), max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    at = models.DateTimeField(_("since"), db_default=Now())
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("mailbox_hash",),
        about_nobody=("purpose",),
        kept=(
            Kept(
                name="suppressions",
                words=_(
                    "notes that a mailbox gets no email, when it may get email again"
                ),
                period=0,
                since="until",
            ),
        ),
    )

    class Meta:
        verbose_name = _("mailbox that gets no email")
        verbose_name_plural = _("mailboxes that get no email")
        constraints = [
            models.UniqueConstraint(
                "mailbox_hash", "purpose", "reason", name="one_suppression_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({day_of(self.at)})"


def mailbox_hash(email: str) -> bytes:
    """The hash of an address's mailbox, in any spelling, as the list keeps it."""
    return keyed_hash("mailbox", Mailbox(email).key)[:16]


def address_hash(email: str) -> bytes:
    """The hash of this exact address, as rows of mails keep it."""
    return keyed_hash("address", email.lower())[:16]
