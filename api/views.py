"""What programs read. Each answer is a public page: the same for all, and cached."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.utils import translation

from api.collections import COLLECTIONS
from api.cursors import A_PAGE, NoCursor, cursor_at, place_in
from api.description import description
from api.resources import CAMPAIGN, PETITION, in_language, link
from campaigns.published import published_campaign
from pages.page_cache import public_page
from pages.problems import for_programs, problem
from pages.read_only import read_only
from petitions.published import published_petition

HAL = "application/hal+json"
# The version whose names we use; tests/access_keys/test_osdi.py lists them.
OSDI = "1.2.0"
DESCRIPTION = "application/vnd.oai.openapi+json;version=3.1"
# OSDI describes its relations there; only those of lists have a page of their name.
CURIES = [
    {
        "name": "osdi",
        "href": "https://opensupporter.github.io/osdi-docs/#{rel}",
        "templated": True,
    }
]


def hal(said):
    said["_links"]["curies"] = CURIES
    return JsonResponse(said, content_type=HAL)


def for_everybody(view):
    return for_programs(public_page(read_only(view)))


@for_everybody
def entry_point(request):
    """Where a program begins: all else is found by links."""
    lists = [found for found in COLLECTIONS if not found.of_campaign]
    links = {
        "self": link("entry-point"),
        "service-desc": {**link("description"), "type": DESCRIPTION},
        **{found.rel: link(found.name) for found in lists},
        "alternate": [
            in_language(code, "entry-point") for code, _name in settings.LANGUAGES
        ],
    }
    language = translation.get_language()
    return hal({"osdi_version": OSDI, "language": language, "_links": links})


@for_everybody
def described(request):
    """The description of all this (OpenAPI 3.1)."""
    return JsonResponse(description(), content_type=DESCRIPTION)


@for_everybody
def campaign(request, slug):
    return hal(CAMPAIGN.shown(published_campaign(slug)))


@for_everybody
def petition(request, slug):
    return hal(PETITION.shown(published_petition(slug)))


def page_of(found):
    """The view of a page of a list."""

    @for_everybody
    def view(request, slug="", cursor=""):
        campaign = published_campaign(slug) if found.of_campaign else None
        name = f"{found.name} {campaign.pk if campaign else ''}"
        rows = found.rows(campaign).order_by("-pk")
        if cursor:
            try:
                rows = rows.filter(pk__lt=place_in(cursor, name))
            except NoCursor:
                return problem(
                    request, 400, "This cursor is not from here. Begin anew."
                )
        (*page,) = rows[: A_PAGE + 1]
        goes_on = len(page) > A_PAGE
        page = page[:A_PAGE]
        found.prepare(page, campaign)
        here = {"slug": slug} if found.of_campaign else {}
        this = {**here, "cursor": cursor} if cursor else here
        links = {"self": link(found.name, **this)}
        if goes_on:
            after = cursor_at(page[-1].pk, name)
            links["next"] = link(found.name, **here, cursor=after)
        if campaign:
            links["up"] = link("campaign", **here)
        shown = [found.resource.shown(row) for row in page]
        return hal(
            {"per_page": A_PAGE, "_links": links, "_embedded": {found.rel: shown}}
        )

    return view


def row_of(found):
    """The view of one row of a list of a campaign."""

    @for_everybody
    def view(request, slug, pk):
        campaign = published_campaign(slug)
        row = found.rows(campaign).filter(pk=pk).first()
        if row is None:
            raise Http404
        found.prepare([row], campaign)
        return hal(found.resource.shown(row))

    return view


@for_everybody
def nothing(request):
    raise Http404
