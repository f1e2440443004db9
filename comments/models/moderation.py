from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.comment import Comment
from comments.reasons import HIDING_REASONS, REPORT_REASONS
from database.kept import Kept, networks_kept
from database.moments import day_and_hour
from database.personal_data import PersonalData
from supporters.notices.models import Notice
from supporters.notices.reports import ReportQuerySet


class Moderation(models.Model):
    """One decision of a moderator on a comment: who, when, why; with the way back.

    `before` holds the comment's state before, without its text. It is null for what
    cannot be undone (a redaction) and for what changes no state (a note).
    """

    DECISIONS = {
        "show": pgettext_lazy("decision", "approved"),
        "keep": pgettext_lazy("decision", "kept, reports answered"),
        "hide": pgettext_lazy("decision", "hidden"),
        "uphold": pgettext_lazy("decision", "kept hidden after an appeal"),
        "pin": pgettext_lazy("decision", "pinned"),
        "unpin": pgettext_lazy("decision", "unpinned"),
        "redact": pgettext_lazy("decision", "passage removed"),
        "note": pgettext_lazy("decision", "note"),
        "answer": pgettext_lazy("decision", "answered as the campaign"),
        "language": pgettext_lazy("decision", "language changed"),
        "undo": pgettext_lazy("decision", "undone"),
    }
    comment = models.ForeignKey(
        Comment,
        on_delete=models.CASCADE,
        related_name="moderations",
        verbose_name=_("comment"),
    )
    decision = models.CharField(_("decision"), max_length=10, choices=DECISIONS)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("moderator"),
    )
    at = models.DateTimeField(_("when"))
    reason = models.CharField(
        _("reason"), max_length=10, choices=HIDING_REASONS, blank=True
    )
    words = models.TextField(_("own words"), max_length=2000, blank=True)
    bulk_action = models.UUIDField(null=True, blank=True, db_index=True, editable=False)
    before = models.JSONField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    # Their comment's take_out_address() cleans `before`, too.
    personal_data = PersonalData(texts=("words", "before"))

    class Meta:
        verbose_name = _("moderation")
        verbose_name_plural = _("moderation log")
        ordering = ["-pk"]
        indexes = [models.Index("at", name="moderations_by_time")]

    def __str__(self):
        return f"{self.get_decision_display()}, {day_and_hour(self.at)}"


class CommentReport(models.Model):
    """What a reader finds wrong with a comment that shows; perhaps by a notice."""

    comment = models.ForeignKey(
        Comment,
        on_delete=models.CASCADE,
        related_name="reports",
        verbose_name=_("comment"),
    )
    reason = models.CharField(_("reason"), max_length=10, choices=REPORT_REASONS)
    words = models.TextField(_("own words"), max_length=1000, blank=True)
    reported_at = models.DateTimeField(_("reported"), db_default=Now())
    # A keyed hash. A network has one report, so that nobody reports a hundred times.
    network_hash = models.CharField(max_length=32, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # The notice of illegal content that made the report; its sender is told the result.
    notice = models.OneToOneField(
        Notice,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = ReportQuerySet.as_manager()
    personal_data = PersonalData(
        identifies=("network_hash",),
        texts=("words",),
        kept=(
            networks_kept(
                "networks of reports",
                _("scrambled forms of the networks that reports came from"),
                since="reported_at",
            ),
            # Reason and answer stay in the log.
            Kept(
                name="words of reports",
                words=_("what readers wrote in reports, after we answered them"),
                period="KEEP_REPORT_WORDS_DAYS",
                since="answered_at",
                where=~Q(words=""),
                empties={"words": ""},
            ),
        ),
    )

    class Meta:
        verbose_name = _("comment report")
        verbose_name_plural = _("comment reports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "comment",
                "network_hash",
                condition=Q(answered_at=None) & ~Q(network_hash=""),
                name="one_open_report_a_network",
            )
        ]

    def __str__(self):
        return self.get_reason_display()
