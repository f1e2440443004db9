from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from campaign_site.addresses import absolute
from campaign_site.page_cache import public_page
from campaigns.models import Campaign


@public_page
@require_safe
def home(request):
    """The open campaigns, what has changed, and how it works."""
    published = Campaign.objects.in_language(get_language())
    ended = published.ended()
    open_now = published.open().prefetch_related("readings__campaign")
    campaigns = {"open": list(open_now), "ended": list(ended)}
    readings = [reading for c in campaigns["open"] for reading in c.readings.all()]
    return render(request, "campaigns/home.html", {**campaigns, "readings": readings})


@public_page
@require_safe
def campaign(request, slug):
    """The action page."""
    found = get_object_or_404(
        Campaign.objects.published(), slug=slug, language=get_language()
    )
    return render(request, "campaigns/campaign.html", {"campaign": found})


@public_page
@require_safe
def sitemap(request):
    """The pages that search engines may list."""
    pages = [(absolute(reverse(name)), None) for name in ("campaigns:home", "privacy")]
    pages += [
        (absolute(published.get_absolute_url()), published.updated_at)
        for published in Campaign.objects.published()
    ]
    return render(
        request, "sitemap.xml", {"pages": pages}, content_type="application/xml"
    )
