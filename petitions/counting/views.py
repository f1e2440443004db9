"""The count for everybody: live, by day and country, and as a chain to check."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from campaigns.models import PageViews
from campaigns.page_views import named
from campaigns.results import results_of
from pages.errors import error_page
from pages.framed import framed
from pages.page_cache import public_page
from pages.read_only import read_only
from petitions.counting import checker
from petitions.figures import by_country, growth_of
from petitions.published import published_petition
from petitions.signing.models import Signature
from reporting.charts import by_day
from reporting.figures import Period

# Few enough to be written at once. A file that is full never changes again.
LINKS_A_FILE = 5_000
FULL, GROWING = "public, max-age=86400", "public, max-age=10"
NEWEST = 50


@public_page
@read_only
def count(request, slug):
    """How the count grew, from where, and how anybody can check it."""
    petition = published_petition(slug)
    end = petition.links.end_of(petition.pk)
    files = -(-end.number // LINKS_A_FILE) if end else 0
    context = {
        "petition": petition,
        "campaign": petition.campaign,
        "days": _days(petition),
        "countries": by_country(petition.campaign, Period.of("all")),
        "end": end and checker.hexadecimal(end),
        "files": files,
    }
    answer = render(request, "petitions/count.html", context)
    return named(answer, petition.campaign, PageViews.Page.COUNT)


@framed
@public_page
@read_only
def embedded(request, slug):
    """The count alone, with the way to the sign form, for another website's page."""
    petition = published_petition(slug)
    context = {"petition": petition, "campaign": petition.campaign}
    return render(request, "petitions/embedded_count.html", context)


@public_page
@read_only
def live(request, slug):
    """The count and what came of it, for programs and for open pages."""
    petition = published_petition(slug)
    campaign, standing = petition.campaign, petition.standing
    answer = JsonResponse(
        {
            "count": standing.count,
            "on_paper": standing.on_paper,
            "on_another_website": standing.brought,
            "goal": standing.goal,
            "countries": standing.countries,
            "is_open": petition.is_open,
            "paused_at": petition.paused_at,
            "ended_at": campaign.ended_at,
            "end_reason": campaign.end_reason,
            "end_reason_language": campaign.language,
            "is_final": petition.is_final,
            "results": [
                {
                    "kind": result.kind,
                    "title": result.title,
                    "text": result.words,
                    "day": result.day,
                    "source": result.url,
                }
                for result in results_of(campaign)
            ],
            "html": render_to_string(
                "petitions/_tally.html", {"standing": standing, "label": "card"}
            ),
        }
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@read_only
def links(request, slug, number):
    """Some links of the chain as CSV: number, delta, commitment, link."""
    first = (number - 1) * LINKS_A_FILE
    rows = published_petition(slug).links.filter(number__gt=first)
    found = list(rows.order_by("number")[:LINKS_A_FILE])
    if not found or found[0].number != first + 1:
        raise Http404
    answer = HttpResponse(checker.csv_lines(found), content_type="text/csv")
    answer["Cache-Control"] = FULL if len(found) == LINKS_A_FILE else GROWING
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@public_page
@read_only
def newest(request, slug):
    """The newest signers who agreed to be shown, on a page that is never indexed.

    None of the names is younger than five minutes.
    """
    petition = published_petition(slug)
    campaign = petition.campaign
    if not petition.shows_names:
        template = "petitions/names_removed.html"
        return error_page(request, 410, template, campaign=campaign)
    signers = Signature.objects.shown_for_readers().filter(petition=petition)
    context = {
        "petition": petition,
        "campaign": campaign,
        "signers": signers[:NEWEST],
    }
    answer = render(request, "petitions/newest.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _days(petition):
    """How much the count grew each day, until today or the campaign's end.

    Days are the campaign's own. They add up to the count: on some of them it fell.
    """
    grew = growth_of(petition)
    campaign = petition.campaign
    ended, today = campaign.day_of(campaign.ended_at), campaign.today
    return by_day(grew, min(today, ended) if ended else today)
