from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from campaign_site import limits
from campaign_site.errors import error_page
from campaign_site.same_origin import public_form
from campaigns.models import Campaign
from letters.composer import Composer
from letters.models import SuggestedLetter
from supporters import browser


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, slug):
    """Write the letter: preview it, take it along as a file, say that it was sent."""
    suggested = _suggested(slug)
    if not suggested.campaign.is_open:
        return error_page(
            request, 410, "letters/closed.html", campaign=suggested.campaign
        )
    if request.method != "POST":
        return _page(request, Composer(suggested, details=_details(request, suggested)))
    if "sent" in request.POST:
        return _report_sent(request, suggested)
    composer = Composer(suggested, typed=request.POST)
    if "draft" in request.POST:
        if composer.refuse_unsigned():
            return _page(request, composer, status=422)
        return _draft(composer)
    return _page(request, composer, status=200 if composer.form_is_good else 422)


@require_http_methods(["GET", "HEAD"])
def sent(request, slug):
    """Thank you for sending it, and whom to tell."""
    suggested = _suggested(slug)
    return render(
        request,
        "letters/sent.html",
        {
            "campaign": suggested.campaign,
            "count": suggested.letters.counted().count(),
            "is_held": request.GET.get("held") == "1",
        },
    )


def _suggested(slug):
    return get_object_or_404(
        SuggestedLetter.objects.select_related("campaign", "recipient_list"),
        campaign__in=Campaign.objects.published().in_language(get_language()),
        campaign__slug=slug,
    )


def _details(request, suggested):
    supporter = browser.supporter_of(request)
    return supporter.details(suggested.campaign) if supporter else None


def _page(request, composer, status=200):
    return render(
        request,
        "letters/letter.html",
        {
            "composer": composer,
            "campaign": composer.campaign,
            "form": composer.form,
            "was_previewed": composer.form.is_bound,
        },
        status=status,
    )


def _draft(composer):
    return HttpResponse(
        composer.envelope.as_draft(),
        content_type="message/rfc822",
        headers={"Content-Disposition": 'attachment; filename="letter.eml"'},
    )


def _report_sent(request, suggested):
    counter = ("letter", limits.network(request), limits.HOUR)
    is_flood = limits.hit(counter)[0] > settings.LIMIT_ACTS_BEFORE_HELD
    suggested.report_sent(supporter=browser.supporter_of(request), held=is_flood)
    sent_page = reverse("letters:sent", kwargs={"slug": suggested.campaign.slug})
    return redirect(f"{sent_page}?held=1" if is_flood else sent_page)
