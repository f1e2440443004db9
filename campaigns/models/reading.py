from django.db import models
from django.utils.translation import gettext_lazy as _

from database.prepared import Given, PreparedQuery


class Reading(models.Model):
    """A title worth reading before acting, with its address where we know it."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.CASCADE, related_name="readings"
    )
    title = models.CharField(_("title"), max_length=250)
    url = models.URLField(
        _("address"), blank=True, help_text=_("If empty, only the title appears.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("background reading")
        verbose_name_plural = _("background reading")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title


READINGS = PreparedQuery(lambda: Reading.objects.filter(campaign=Given("campaign")))
