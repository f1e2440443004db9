"""Pages of staff over all campaigns that may show those of one: `?campaign=3`."""

from django.contrib import admin
from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from staff.reach import within

NAME = "campaign"


def page_in(campaign, page):
    """The address of such a page with what belongs to this campaign; None means all."""
    if campaign is None:
        return page
    return f"{page}{'&' if '?' in page else '?'}{urlencode({NAME: campaign.pk})}"


def campaign_of(request):
    """The campaign whose rows the address asks for; None means those of all.

    Raises Http404 for a campaign that does not exist, or that they may not see.
    """
    if NAME not in request.GET:
        return None
    found = _named(request.GET[NAME], request.user)
    if found is None:
        raise Http404
    return found


def campaign_filter(path):
    """For `list_filter`: only the rows that belong to the campaign, by this path.

    It is shown only where the address names a campaign: there may be hundreds.
    """
    return type("CampaignFilter", (_CampaignFilter,), {"path": path})


class _CampaignFilter(admin.SimpleListFilter):
    title = _("campaign")
    parameter_name = NAME
    path = ""
    shows_data = True

    def lookups(self, request, model_admin):
        if self.value() is None:
            return []
        # Also a value that is no campaign, or the list would show everything.
        found = _named(self.value(), request.user)
        return [(self.value(), found or self.value())]

    def queryset(self, request, rows):
        if self.value() is None:
            return rows
        campaign = _named(self.value(), request.user)
        # By its key, since a path may lead to a row more than once.
        keys = campaign and rows.model._base_manager.filter(**{self.path: campaign})
        return rows.filter(pk__in=keys.values("pk")) if campaign else rows.none()


def _named(value, user):
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        return None
    return within(user, Campaign.objects.not_deleted()).filter(pk=value).first()
