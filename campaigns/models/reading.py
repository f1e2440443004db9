from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.told_beside import LocalizedBeside


class ReadingManager(models.Manager):
    def replace(self, campaign, said):
        """Let a campaign have these, each with a title and an address, and no others.

        A row whose title or address stays is the same one: it has its translations.
        """
        left, rows = list(self.filter(campaign=campaign)), {}
        for name in ("title", "url"):
            for number, one in enumerate(said):
                same = [
                    row for row in left if one[name] and getattr(row, name) == one[name]
                ]
                if number not in rows and same:
                    rows[number] = same[0]
                    left.remove(same[0])
        self.filter(pk__in=[row.pk for row in left]).delete()
        for number, one in enumerate(said):
            row = rows.get(number) or Reading(campaign=campaign)
            row.title, row.url, row.order = one["title"], one["url"], number
            row.save()


class Reading(LocalizedBeside, models.Model):
    """A title worth reading before acting, with its address where we know it."""

    TOLD = ("title",)

    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.CASCADE, related_name="readings"
    )
    title = models.CharField(_("title"), max_length=250)
    url = models.URLField(
        _("address"), blank=True, help_text=_("If empty, only the title appears.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ReadingManager()

    class Meta:
        verbose_name = _("background reading")
        verbose_name_plural = _("background reading")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title
