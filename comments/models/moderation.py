from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.comment import Comment
from comments.reasons import HIDING_REASONS
from database.moments import day_and_hour
from database.personal_data import PersonalData


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
