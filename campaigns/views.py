from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from branding.site import the_site
from campaigns.beside import Beside
from campaigns.calendar import calendar_of
from campaigns.feed import feed_of
from campaigns.listing import HomePage, Sitemap
from campaigns.local_time import when_it_appears
from campaigns.models.campaign import Campaign
from campaigns.models.page_views import PageViews
from campaigns.models.update import tell_updates
from campaigns.page_views import named
from campaigns.pictures import picture_files
from campaigns.published import published_campaign
from pages.addresses import absolute
from pages.page_cache import public_page
from pages.read_only import read_only

UPDATES_A_PAGE = 10


@public_page
@read_only
def home(request, number=1):
    """The campaigns, in pages; the first page also says how the site works."""
    page = HomePage(get_language(), number)
    return render(request, "campaigns/home.html", {"page": page})


@public_page
@read_only
def campaign(request, slug):
    """The action page."""
    found = published_campaign(slug)
    context = {"campaign": found, "beside": Beside(found)}
    page = render(request, "campaigns/campaign.html", context)
    return named(page, found, PageViews.Page.CAMPAIGN)


@never_cache
@read_only
def draft(request, token):
    """The action page before it is published, for who has the link; no form works."""
    try:
        found = Campaign.objects.for_draft_token(token)
    except Campaign.DoesNotExist:
        raise Http404 from None
    if found.is_published:
        return redirect(found)
    if found.language != get_language():
        return redirect(found.draft_url)  # its language has changed since
    page = shown_as_draft(request, found)
    page["Referrer-Policy"] = "no-referrer"  # its address is a secret
    return page


def shown_as_draft(request, found, *, is_public=None, **context):
    """The action page as it will look once this campaign is published.

    It says that it is a draft, unless is_public; the campaign knows that, if it is not
    given. The campaign is changed for all that, and must not be saved.
    """
    if is_public is None:
        is_public = found.is_published
    with translation.override(found.read_in):
        appears = when_it_appears(found)
        found.published_at = timezone.now()
        found.opens_at = min(found.opens_at, found.published_at)
        context |= {
            "campaign": found,
            "beside": Beside(found),
            "is_draft": True,
            "is_public": is_public,
            "appears": appears,
        }
        return render(request, "campaigns/draft.html", context)


@public_page
@read_only
def updates(request, slug, number=1):
    """All updates of a campaign, the newest first, in pages."""
    found = published_campaign(slug)
    pages = Paginator(found.updates.published(), UPDATES_A_PAGE)
    if not 1 <= number <= pages.num_pages:
        raise Http404
    page = pages.page(number)
    for one in page:
        one.campaign = found
    tell_updates(page)
    left = any(one.leaves_out for one in page)
    context = {"campaign": found, "page": page, "leaves_out": left}
    answer = render(request, "campaigns/updates.html", context)
    return named(answer, found, PageViews.Page.UPDATES)


@public_page
@read_only
def update(request, slug, pk):
    """One update on a page of its own."""
    found = published_campaign(slug)
    one = get_object_or_404(found.updates.published(), pk=pk)
    one.campaign = found
    tell_updates([one])
    context = {"campaign": found, "update": one}
    answer = render(request, "campaigns/update.html", context)
    return named(answer, found, PageViews.Page.UPDATES)


@public_page
@read_only
def feed(request, slug):
    """The newest updates, and what came of it, as an Atom feed."""
    found = published_campaign(slug)
    atom = feed_of(found, request.path)
    return HttpResponse(atom.writeString("utf-8"), content_type=Atom1Feed.content_type)


@public_page
@read_only
def calendar(request, slug):
    """Its dates, for a calendar program; a 404 while it has none."""
    found = published_campaign(slug)
    file = calendar_of(found)
    if file is None:
        raise Http404
    return HttpResponse(file, content_type="text/calendar; charset=utf-8")


@public_page
@read_only
def sitemap(request, number=None):
    """The pages that search engines may list; or, if many, a list of the files."""
    found = Sitemap(_own_pages())
    if number is None and len(found.files) > 1:
        context = {"files": found.files}
    else:
        context = {"pages": found.pages(number or 1)}
    return render(request, "sitemap.xml", context, content_type="application/xml")


def _own_pages():
    """The addresses of the site's own pages, in each of its languages."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            own = the_site()
            names = ["campaigns:home", "how-it-works", "privacy", "cookies"]
            names += ["accessibility", *["about"] * own.has_about]
            names += ["imprint"] * own.has_imprint
            yield from [absolute(reverse(name)) for name in names]


@read_only
def picture(request, name, file):
    """A file of a picture; a share image only while visitors see what it shows."""
    if file == picture_files.SHARE_FILE:
        of_any = Q(share_image=name) | Q(texts__share_image=name)
        shown = Campaign.objects.published().with_share_image(name)
        if not shown.exists() and Campaign.objects.filter(of_any).exists():
            raise Http404
    return picture_files.picture(request, name, file)
