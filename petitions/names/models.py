"""Reports of readers about the name of a signer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from database.kept import networks_kept
from database.personal_data import PersonalData
from supporters.notices.models import Notice
from supporters.notices.reports import ReportQuerySet


class NameReportQuerySet(ReportQuerySet):
    def answered_with(self, moment):
        """Those that the decision of this moment answered."""
        return self.filter(answered_at=moment, answered_at__isnull=False)

    def answer(self, decision, *, by, at):
        """Decide with a name on the notices about it that wait."""
        self.open().notices().decide(decision, by=by)
        self.open().update(answered_at=at)

    def reopen(self):
        """Let them wait again with their notices: the decision is undone."""
        again = NameReportQuerySet(self.model).filter(pk__in=[r.pk for r in self])
        again.notices().reopen()
        again.update(answered_at=None)


class NameReport(models.Model):
    """What a reader finds wrong with a name; perhaps by a notice of illegal content.

    It is deleted once a moderator has decided. That of a notice stays, so that undoing
    the decision reopens the notice.
    """

    class Reason(models.TextChoices):
        SOMEBODY_ELSE = "somebody else", _("It is somebody else’s name")
        NO_NAME = (
            "no name",
            _("It is not a name, but a claim, an insult or advertising"),
        )
        PRIVATE = "private", _("It says where somebody lives or how to reach them")
        OTHER = "other", _("Something else is wrong with it")
        # No reader chooses it.
        OF_NOTICE = "law", _("Notice of illegal content")

    signature = models.ForeignKey(
        "petitions.Signature", on_delete=models.CASCADE, related_name="name_reports"
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    reported_at = models.DateTimeField(_("reported"), db_default=Now())
    # A keyed hash, kept for some weeks: one network reports a name once.
    network_hash = models.CharField(max_length=32, editable=False)
    # The notice of illegal content that made the report; its sender is told the result.
    notice = models.OneToOneField(
        Notice,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = NameReportQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("network_hash",),
        kept=(
            networks_kept(
                "networks of name reports",
                _("scrambled forms of the networks that reports of names came from"),
                since="reported_at",
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
