"""What an official does on the page of their own, written down for the campaigners."""

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData
from letters.recipients.models import Recipient
from letters.sending.deliveries import Delivery


class OfficialActivity(models.Model):
    """What an official did on their page, for the campaigners to follow."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened their page")
        RHYTHM = "rhythm", _("changed how they get letters")
        ASKED = "asked", _("entered another address")
        ADDRESS = "address", _("changed their address")
        STOPPED = "stopped", _("said that a new address is not theirs")
        ANSWER = "answer", _("wrote an answer to all")

    recipient = models.ForeignKey(
        Recipient,
        on_delete=models.CASCADE,
        related_name="acts",
        verbose_name=_("recipient"),
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    before = models.CharField(_("before"), max_length=254, blank=True)
    after = models.CharField(_("after"), max_length=254, blank=True)

    personal_data = PersonalData(
        identifies=("before", "after"),
        kept=(
            Kept(
                name="activity of officials",
                words=_(
                    "notes of officials’ visits to their pages, and of changes there"
                ),
                period="KEEP_AUDIT_DAYS",
                since="at",
            ),
        ),
    )

    class Meta:
        verbose_name = _("activity of an official")
        verbose_name_plural = _("activity of officials")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.recipient}: {self.get_kind_display()}"

    @classmethod
    def note(cls, recipient, kind, before="", after=""):
        cls.objects.create(recipient=recipient, kind=kind, before=before, after=after)


def choose_rhythm(recipient, rhythm):
    """Write to an official as they want it, also what waits.

    The rhythm that they had before is written down.
    """
    with transaction.atomic():
        mine = Recipient.objects.select_for_update().get(pk=recipient.pk)
        if mine.rhythm != rhythm:
            Recipient.objects.filter(pk=mine.pk).update(rhythm=rhythm)
            Delivery.objects.filter(recipient=mine).wait_anew()
            OfficialActivity.note(
                mine, OfficialActivity.Kind.RHYTHM, mine.rhythm, rhythm
            )
