"""Reports of readers about the name of a signer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData


class NameReport(models.Model):
    """A reader's report about a name, on which no moderator has decided yet."""

    class Reason(models.TextChoices):
        SOMEBODY_ELSE = "somebody else", _("It is somebody else’s name")
        NO_NAME = (
            "no name",
            _("It is not a name, but a claim, an insult or advertising"),
        )
        PRIVATE = "private", _("It says where somebody lives or how to reach them")
        OTHER = "other", _("Something else is wrong with it")

    signature = models.ForeignKey(
        "petitions.Signature", on_delete=models.CASCADE, related_name="name_reports"
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    reported_at = models.DateTimeField(_("reported"), db_default=Now())
    # A keyed hash, kept for some weeks: one network reports a name once.
    network_hash = models.CharField(max_length=32, editable=False)

    personal_data = PersonalData(
        identifies=("network_hash",),
        kept=(
            Kept(
                name="networks of name reports",
                words=_(
                    "scrambled forms of the networks that reports of names came from"
                ),
                period="KEEP_NETWORK_HASH_DAYS",
                since="reported_at",
                where=~Q(network_hash=""),
                empties={"network_hash": ""},
            ),
        ),
    )

    class Meta:
        verbose_name = _("report of a name")
        verbose_name_plural = _("reports of names")
        constraints = [
            models.UniqueConstraint(
                "signature",
                "network_hash",
                condition=~Q(network_hash=""),
                name="one_report_a_name_and_network",
            )
        ]

    def __str__(self):
        return str(self.get_reason_display())
