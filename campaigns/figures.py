"""How often a campaign's pages are read, for the desk."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from campaigns.models.page_views import PageViews
from reporting.figures import Figure, OverTime
from reporting.funnel import FunnelStep


def figures():
    return [
        Figure("views", _("Page views"), "campaigns.view_campaign", page_views),
    ]


def page_views(campaign, period):
    everything, pages = _("All pages"), PageViews.Page
    series = {everything: {}, **{page.label: {} for page in pages}}
    rows = campaign.page_views.filter(**period.within("day", days=True))
    for day, page, number in rows.values_list("day", "page", "number"):
        series[pages(page).label][day] = number
        series[everything][day] = series[everything].get(day, 0) + number
    return OverTime(
        series,
        period,
        most_drawn=1,
        note=_(
            "Our server counts them. It sets no cookie, and keeps nothing about "
            "readers. A person who comes twice counts twice. We leave out "
            "search engines and other bots that identify themselves. New views appear "
            "after a few seconds."
        ),
    )


def funnel(user, campaign, period):
    """How often the pages of a campaign were read, all of them together."""
    if not user.has_perm("campaigns.view_campaign"):
        return []
    rows = campaign.page_views.filter(**period.within("day", days=True))
    numbers = dict(rows.values_list("day").annotate(total=Sum("number")).order_by())
    note = _("All pages of the campaign. A person who comes twice counts twice.")
    return [FunnelStep(1, "views", _("Page views"), numbers, note)]


def views_in(campaigns, period):
    """How often the pages of each campaign were read, by campaign, in one statement."""
    rows = PageViews.objects.filter(
        campaign__in=campaigns, **period.within("day", days=True)
    )
    return dict(rows.values_list("campaign").annotate(total=Sum("number")).order_by())
