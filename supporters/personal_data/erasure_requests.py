"""Erasing people who cannot open their mailbox: one of the staff asks, one confirms."""

from collections import Counter

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.moments import day_of
from database.personal_data import PersonalData
from safeguards.mailbox import Mailbox
from supporters.people.models import Supporter

# A request that nobody has confirmed by then holds an address for nothing.
OPEN_DAYS = 30


class SamePerson(Exception):
    """The person who has asked for it cannot confirm it."""


class ErasureRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def to_decide(self, user):
        """Open requests that this person may decide on, since somebody else asked."""
        return self.open().exclude(asked_by=user)

    def close(self, **how):
        """Close these and remove their address; returns how many were open."""
        return self.open().update(email="", closed_at=timezone.now(), **how)

    def of_address(self, email):
        """Requests to close since their address is erased, perhaps by its owner."""
        return self.filter(email=email)


class ErasureRequest(models.Model):
    """Somebody's wish, by letter or telephone, to be erased without their mailbox.

    It holds the address only until it is decided on. What stays is who asked, who
    confirmed, why, and a receipt: how much was erased, but not of whom.
    """

    email = models.EmailField(_("email address"), max_length=254, blank=True)
    reason = models.CharField(
        _("how we know that it is theirs"),
        max_length=300,
        help_text=_(
            "For example “wrote from their work address, and knew the day on which "
            "they signed”. Enter no names or addresses. We keep this."
        ),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now(), editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    closed_at = models.DateTimeField(_("decided"), null=True, editable=False)
    # {what: how many}, if it was confirmed.
    receipt = models.JSONField(_("receipt"), null=True, editable=False)

    objects = ErasureRequestQuerySet.as_manager()
    personal_data = PersonalData(
        by_address="of_address",
        identifies=("email",),
        export="",
        erase="close",
        order=5,
        texts=("reason",),
        about_nobody=("receipt",),
        kept=(
            Kept(
                name="requests to erase left open",
                words=_("addresses in requests to erase that nobody confirmed"),
                period=OPEN_DAYS,
                since="asked_at",
                where=Q(closed_at=None),
                do="close",
            ),
            # It is kept as long as the audit trail.
            Kept(
                name="requests to erase",
                words=_("requests to erase somebody, with their receipts"),
                period="KEEP_AUDIT_DAYS",
                since="closed_at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("request to erase")
        verbose_name_plural = _("requests to erase")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) & ~Q(email="")
                | Q(closed_at__isnull=False, email=""),
                name="decided_erasure_request_holds_no_address",
            ),
            models.CheckConstraint(
                condition=Q(receipt__isnull=True) | ~Q(closed_by=F("asked_by")),
                name="erasure_takes_two_people",
            ),
        ]

    def __str__(self):
        return f"{self.pk}: {day_of(self.asked_at)}" if self.pk else ""

    @property
    def state(self):
        """The state of the request in a word."""
        if self.closed_at is None:
            return _("waiting for a second person")
        if self.receipt is not None:
            return _("erased")
        return _("turned down") if self.closed_by_id else _("no longer needed")

    @property
    def people(self):
        """The stored addresses that are this mailbox, in any spelling."""
        mailbox = Mailbox(self.email)
        # With a tag it may be somebody else of the same domain, which `seat` tells.
        found = Supporter.objects.filter(mailbox=mailbox.key).order_by("email")
        return [p for p in found if Mailbox(p.email).seat == mailbox.seat]

    def stored(self):
        """How much is stored for the mailbox: {what: how many}, without zeros."""
        total = Counter()
        for email in self._addresses():
            total.update(Supporter.stored_for(email))
        return {what: number for what, number in total.items() if number}

    def confirm(self, by):
        """Erase everything of this mailbox, and write the receipt.

        False when somebody has decided before. Raises SamePerson.
        """
        with transaction.atomic():
            request = (
                ErasureRequest.objects.open().select_for_update().filter(pk=self.pk)
            )
            locked = request.first()
            if locked is None:
                return False
            if locked.asked_by_id == by.pk:
                raise SamePerson
            addresses, receipt = locked._addresses(), locked.stored()
            request.close(closed_by=by, receipt=receipt)
            for email in addresses:
                # An address may be stored without a supporter: on paper, or in others'
                # words.
                Supporter.objects.with_address(email).erase()
        self.refresh_from_db()
        return True

    def turn_down(self, by):
        """Close it with nothing done; False when somebody has decided before."""
        done = ErasureRequest.objects.filter(pk=self.pk).close(closed_by=by)
        self.refresh_from_db()
        return bool(done)

    def _addresses(self):
        return sorted({self.email, *(person.email for person in self.people)})
