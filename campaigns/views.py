from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign_site.addresses import absolute
from campaign_site.context import the_site
from campaign_site.page_cache import public_page
from campaigns.models import Campaign, PageViews, Update
from campaigns.page_views import named

IN_FEED = 20
UPDATES_A_PAGE = 10


@public_page
@require_safe
def home(request):
    """The open campaigns, what has changed, and how it works."""
    published = Campaign.objects.in_language(get_language())
    ended = published.ended().prefetch_related("milestones")
    open_now = published.open().prefetch_related("readings__campaign", "milestones")
    campaigns = {"open": list(open_now), "ended": list(ended)}
    readings = [reading for c in campaigns["open"] for reading in c.readings.all()]
    return render(request, "campaigns/home.html", {**campaigns, "readings": readings})


@public_page
@require_safe
def campaign(request, slug):
    """The action page."""
    found = _published(slug)
    page = render(request, "campaigns/campaign.html", {"campaign": found})
    return named(page, found, PageViews.Page.CAMPAIGN)


@never_cache
@require_safe
def draft(request, token):
    """The action page before it is published, for who has the link; nothing acts."""
    try:
        found = Campaign.objects.for_draft_token(token)
    except Campaign.DoesNotExist:
        raise Http404 from None
    if found.is_published:
        return redirect(found)
    if found.language != get_language():
        return redirect(found.draft_url)  # it had another one when it was passed on
    appears_at = found.appears_at
    # As it will look: never saved.
    found.published_at = timezone.now()
    found.opens_at = min(found.opens_at, found.published_at)
    context = {"campaign": found, "is_draft": True, "appears_at": appears_at}
    page = render(request, "campaigns/draft.html", context)
    page["Referrer-Policy"] = "no-referrer"  # its address is a secret
    return page


@public_page
@require_safe
def updates(request, slug, number=1):
    """All updates of a campaign, the newest first, in pages."""
    found = _published(slug)
    pages = Paginator(found.updates.published(), UPDATES_A_PAGE)
    if not 1 <= number <= pages.num_pages:
        raise Http404
    page = pages.page(number)
    for one in page:
        one.campaign = found
    context = {"campaign": found, "page": page}
    answer = render(request, "campaigns/updates.html", context)
    return named(answer, found, PageViews.Page.UPDATES)


@public_page
@require_safe
def update(request, slug, pk):
    """One update on a page of its own."""
    found = _published(slug)
    one = get_object_or_404(found.updates.published(), pk=pk)
    one.campaign = found
    context = {"campaign": found, "update": one}
    answer = render(request, "campaigns/update.html", context)
    return named(answer, found, PageViews.Page.UPDATES)


@public_page
@require_safe
def feed(request, slug):
    """The newest updates as an Atom feed (RFC 4287)."""
    found = _published(slug)
    atom = Atom1Feed(
        title=_("Updates: %(campaign)s") % {"campaign": found.full_title},
        link=absolute(found.get_absolute_url()),
        description=found.summary,
        language=found.language,
        feed_url=absolute(request.path),
        author_name=the_site().name,
    )
    for one in found.updates.published()[:IN_FEED]:
        one.campaign = found
        content = render_to_string("campaigns/_update_in_feed.html", {"update": one})
        atom.add_item(
            title=one.title,
            link=one.mailed_url,
            unique_id=one.mailed_url,
            description=content.strip(),
            pubdate=one.published_at,
            updateddate=max(one.updated_at, one.published_at),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=Atom1Feed.content_type)


@public_page
@require_safe
def sitemap(request):
    """The pages that search engines may list."""
    own = the_site()
    names = ["campaigns:home", "privacy"]
    names += ["about"] * own.has_about + ["imprint"] * own.has_imprint
    pages = [(absolute(reverse(name)), None) for name in names]
    pages += [
        (absolute(published.get_absolute_url()), published.updated_at)
        for published in Campaign.objects.published()
    ]
    shown = Update.objects.published().filter(campaign__in=Campaign.objects.published())
    pages += [
        (one.mailed_url, one.updated_at) for one in shown.select_related("campaign")
    ]
    return render(
        request, "sitemap.xml", {"pages": pages}, content_type="application/xml"
    )


def _published(slug):
    return get_object_or_404(
        Campaign.objects.published(), slug=slug, language=get_language()
    )
