"""Visits of officials to the page of their own, and the links that open it."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from letters.recipients.models import Recipient
from outbox.mailed_keys import WithLink
from outbox.models import OutgoingMail
from outbox.visits import MailedVisit, MailedVisitQuerySet


class OfficialVisitQuerySet(MailedVisitQuerySet):
    def request(self, recipient):
        """Mail the way in to the address that we hold; whoever asks gets nothing."""
        with transaction.atomic():
            visit = self.create(
                recipient=recipient, email=recipient.email, rhythm=recipient.rhythm
            )
            OutgoingMail.objects.queue("official_page", visit.pk, visit.email)
        return visit


class OfficialVisit(MailedVisit, WithLink):
    """One visit to an official's page, opened from the mailbox that we hold for them.

    It and its link end when the official has another address.
    """

    owner_field = "recipient_id"

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="visits"
    )
    email = models.CharField(max_length=254)
    # How letters came when it was asked for; see AddressCorrection.
    rhythm = models.CharField(max_length=10, default="", db_default="")

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

    @property
    def is_used(self):
        """Whether its link has been used."""
        return self.opened_at is not None

    @property
    def is_of_today(self):
        """Whether it belongs to the official to whom we would write now."""
        return not self.recipient.left_office_on and self.email == self.recipient.email

    @property
    def may_be_mailed(self):
        """Whether the link is still to be mailed."""
        return not (self.opened_at or self.sent_at) and self.is_of_today
