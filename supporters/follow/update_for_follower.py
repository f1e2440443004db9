from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from database.kept import Kept
from database.personal_data import PersonalData, PersonalQuerySet
from outbox.models import Outcome, OutgoingMail
from supporters.my_page.section import Section
from supporters.people.models import Supporter


class UpdateForFollowerQuerySet(PersonalQuerySet):
    def open(self):
        return self.filter(settled_at=None)

    def due(self, now):
        """Those that are in no mail yet, and due by now."""
        return self.open().filter(mail=None, due_at__lte=now)

    def settle(self, outcome):
        """Note what became of them; one that the relay took stays so."""
        return self.update(outcome=outcome, settled_at=Now())

    def to_anonymise(self):
        """Rows that are over, if long ago or of somebody who has no act any more."""
        limit = timezone.now() - timedelta(days=settings.KEEP_MAIL_NOTES_DAYS)
        return self.filter(
            Q(settled_at__lt=limit) | Q(supporter__confirmations=None),
            settled_at__isnull=False,
            supporter__isnull=False,
        )

    def for_my_page(self):
        return self.select_related("mailing__update__campaign", "mail").order_by("-pk")

    def erase(self):
        """Keep the outcomes in the mailing's numbers, and no person in the rows."""
        # Keys find them, since other conditions may not hold once they are nobody's.
        keys = list(self.values_list("pk", flat=True))
        mine = self.model.objects.filter(pk__in=keys)
        mine.open().settle(Outcome.STOPPED)
        mails = list(mine.exclude(mail=None).values_list("mail", flat=True))
        erased = mine.update(supporter=None)
        OutgoingMail.objects.filter(pk__in=mails).erase()
        return erased

    def export(self):
        rows = self.select_related("mailing__update", "mail").order_by("pk")
        return [
            {
                gettext("update"): row.mailing.update.title,
                gettext("due"): row.due_at.isoformat(),
                gettext("state"): str(row.state),
                gettext("settled"): row.settled_at and row.settled_at.isoformat(),
            }
            for row in rows
        ]


class UpdateForFollower(models.Model):
    """One update that one follower is to get: when it is due, and what became of it.

    Several that are due together leave in one mail. There may be a million of them, so
    they have no column and no index that sending does not need.
    """

    mailing = models.ForeignKey(
        "supporters.Mailing",
        on_delete=models.CASCADE,
        related_name="items",
        db_index=False,
    )
    supporter = models.ForeignKey(
        Supporter, on_delete=models.CASCADE, null=True, related_name="updates"
    )
    due_at = models.DateTimeField(_("due"))
    mail = models.ForeignKey(
        OutgoingMail,
        on_delete=models.SET_NULL,
        null=True,
        related_name="updates",
        db_index=False,
    )
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    objects = UpdateForFollowerQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="supporter",
        section=Section(
            "updates", _("Updates to you"), "supporters/_updates.html", is_record=True
        ),
        order=2,
        kept=(
            Kept(
                name="updates for followers",
                words=_("notes of who got an update"),
                period="KEEP_MAIL_NOTES_DAYS",
                since=("settled_at", "mailing__queued_at"),
                where=Q(supporter__isnull=False),
                due="to_anonymise",
                do="erase",
                turn=4,
            ),
        ),
    )

    class Meta:
        verbose_name = _("update for a follower")
        verbose_name_plural = _("updates for followers")
        constraints = [
            models.UniqueConstraint(
                "mailing", "supporter", name="an_update_once_for_each_follower"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False) & ~Q(outcome=""),
                name="settled_update_says_how",
            ),
        ]
        indexes = [
            models.Index(
                "mailing",
                "due_at",
                condition=Q(settled_at=None, mail=None),
                name="updates_to_collect",
            ),
            models.Index(
                "mail", condition=Q(mail__isnull=False), name="updates_in_mails"
            ),
        ]

    def __str__(self):
        return f"{self.mailing_id}/{self.pk}"

    @property
    def state(self):
        """What we know of it, in plain words, and nothing more than we know."""
        if self.mail and self.settled_at:
            return self.mail.state  # with what was reported later
        return self.get_outcome_display() or _("waiting")
