"""Pictures in the story of a campaign, and videos by a picture that leads to them."""

import re

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import address
from campaigns.models.campaign import Campaign
from campaigns.models.told_beside import LocalizedBeside
from campaigns.pictures.pictured import Pictured

# A paragraph of its own in the story, where the picture of this number shows.
PLACE = re.compile(r"<p>\s*\[picture (\d{1,3})\]\s*</p>", re.IGNORECASE)


class StoryPicture(LocalizedBeside, Pictured):
    """A picture that stands in a story; of a video, it is the poster.

    A page loads nothing from other websites. So a video is a picture of ours that leads
    to where it can be watched.
    """

    TOLD = ("caption", "picture_alt")

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        related_name="story_pictures",
        verbose_name=_("campaign"),
        db_index=False,
    )
    number = models.PositiveSmallIntegerField(
        _("number"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Write [picture 1] as a line of its own in the story, and picture 1 "
            "shows there."
        ),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    video_url = models.URLField(
        _("video"),
        blank=True,
        help_text=_(
            "If the picture stands for a video: the address where people can watch it."
        ),
    )

    class Meta:
        verbose_name = _("picture in a story")
        verbose_name_plural = _("pictures in stories")
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(
                "campaign",
                "number",
                name="one_story_picture_a_number",
                violation_error_message=_(
                    "The campaign has a picture of this number. Choose another."
                ),
            ),
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_alt=""),
                name="story_picture_says_what_it_shows",
                violation_error_message=_("Say what the picture shows."),
            ),
        ]

    def __str__(self):
        return f"[picture {self.number}]"

    def save(self, **options):
        super().save(**options)
        address.forget_pages(self.campaign)

    @property
    def video_host(self):
        """The website to which the poster leads, as readers know it."""
        host = self.video_url.partition("://")[2].partition("/")[0]
        return host.removeprefix("www.")
