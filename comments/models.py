from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign


class CommentQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(hidden_at=None).exclude(shown_at=None)


class Comment(models.Model):
    """What a supporter wrote under a campaign; plain text.

    `root` is the first comment of the conversation (empty on that comment itself), so
    that a page of whole conversations is one look-up in the (campaign, root, id) index.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="comments"
    )
    root = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conversation",
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    name = models.CharField(_("name"), max_length=120)
    text = models.TextField(
        _("text"), max_length=10_000, blank=True, help_text=_("Empty when it was lost.")
    )
    written_at = models.DateTimeField(_("written"))
    shown_at = models.DateTimeField(_("shown since"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden since"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index("campaign", "root", "id", name="conversations")]
        constraints = [
            models.CheckConstraint(
                condition=Q(root=None, parent=None)
                | Q(root__isnull=False, parent__isnull=False),
                name="reply_has_a_parent_and_a_root",
            )
        ]

    def __str__(self):
        return f"{self.name}: {self.text[:60]}" if self.text else self.name

    @property
    def initials(self):
        """One or two letters for the round mark beside the comment."""
        words = ["".join(filter(str.isalnum, word)) for word in self.name.split()]
        words = [word for word in words if word]
        if not words:
            return "?"
        if len(words) == 1:
            return words[0][:2].upper() if words[0].isupper() else words[0][0].upper()
        return (words[0][0] + words[-1][0]).upper()
