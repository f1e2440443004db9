"""Replies that staff write once, and use whenever it fits."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

NAME, CAMPAIGN = "[Name]", "[Campaign]"
_IN_BRACKETS = re.compile(r"\[[^\]\n]{1,40}\]")


class SavedReply(models.Model):
    """A text with which a comment is answered as the campaign.

    Whoever answers sees the text in the field, and can change it, before it is sent.
    """

    title = models.CharField(
        _("title"),
        max_length=80,
        unique=True,
        help_text=_("For you and your colleagues. Readers do not see it."),
    )
    text = models.TextField(
        _("text"),
        max_length=5000,
        help_text=_(
            "Plain text. We put the writer’s name in place of [Name], and the title of "
            "the campaign in place of [Campaign]."
        ),
    )

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["title"]

    def __str__(self):
        return self.title

    def clean(self):
        unknown = set(_IN_BRACKETS.findall(self.text)) - {NAME, CAMPAIGN}
        if unknown:
            words = _("We fill in [Name] and [Campaign], but not %(unknown)s.")
            said = {"unknown": ", ".join(sorted(unknown))}
            raise ValidationError({"text": words % said})

    def filled_in(self, comment):
        """The text for an answer to this comment."""
        values = {NAME: comment.name, CAMPAIGN: comment.campaign.title}
        # In one pass: a name that looks like a placeholder is left as it is.
        return _IN_BRACKETS.sub(lambda m: values.get(m[0], m[0]), self.text)
