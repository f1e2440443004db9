"""The few pages that belong to the site and to no app."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi

from branding import models
from branding.site import the_site
from database import kept
from pages.cookies import all_cookies
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.sorting import alphabetical
from safeguards import limits

SECURITY_DAYS = 90
FOR_EVER = "public, max-age=31536000, immutable"


@public_page
@read_only
def privacy(request):
    """What the site stores, what for, and how long; quoted from the settings."""
    return render(
        request,
        "pages/privacy.html",
        {
            "unconfirmed_days": settings.KEEP_UNCONFIRMED_DAYS,
            "held_days": settings.KEEP_HELD_DAYS,
            "handover_days": settings.KEEP_AFTER_HANDOVER_DAYS,
            "most_months": settings.KEEP_SIGNERS_AT_MOST_MONTHS,
            "bundle_days": settings.KEEP_BUNDLES_DAYS,
            "signers_months": settings.KEEP_SIGNERS_MONTHS,
            "jobs_hours": settings.KEEP_FINISHED_JOBS_HOURS,
            "backups_days": settings.KEEP_BACKUPS_DAYS,
            "erasures_days": settings.KEEP_ERASURES_DAYS,
            "withdrawn_days": settings.KEEP_WITHDRAWN_DAYS,
            "letter_days": settings.KEEP_LETTER_TEXT_DAYS,
            "spam_days": settings.KEEP_SPAM_DAYS,
            "network_days": settings.KEEP_NETWORK_HASH_DAYS,
            "report_days": settings.KEEP_REPORT_WORDS_DAYS,
            "stopped_days": settings.KEEP_STOPPED_FOLLOWS_DAYS,
            "mail_days": settings.KEEP_MAIL_NOTES_DAYS,
            "remind_hours": settings.REMIND_AFTER_HOURS,
            "undo_days": settings.UNDO_DAYS,
            "addition": models.current().shown("privacy"),
            "of_rooms": [
                config.privacy
                for config in apps.get_app_configs()
                if hasattr(config, "privacy")
            ],
            "audit_days": settings.KEEP_AUDIT_DAYS,
            "kept": sorted(kept.table(), key=lambda row: alphabetical(row[0])),
        },
    )


@public_page
@read_only
def how_it_works(request):
    """What happens to what a supporter sends, with the numbers of the settings."""
    return render(
        request,
        "pages/how_it_works.html",
        {
            "unconfirmed_days": settings.KEEP_UNCONFIRMED_DAYS,
            "held_days": settings.KEEP_HELD_DAYS,
            "letters_a_day": limits.number("LIMIT_LETTERS_A_DAY"),
        },
    )


@public_page
@read_only
def cookies(request):
    return render(request, "pages/cookies.html", {"cookies": all_cookies()})


@public_page
@read_only
def accessibility(request):
    return render(request, "pages/accessibility.html")


@public_page
@read_only
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@read_only
def security(request):
    """Where to write about a weak spot of the site, for programs (RFC 9116)."""
    # The RFC wants a moment less than a year away; nobody has to renew this one.
    expires = timezone.now().replace(microsecond=0) + timedelta(days=SECURITY_DAYS)
    return render(
        request,
        "security.txt",
        {"expires": expires.isoformat()},
        content_type="text/plain; charset=utf-8",
    )


@public_page
@read_only
def manifest(request):
    """What a phone needs to put the site on its home screen (W3C Web App Manifest)."""
    site = the_site()
    icons = [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    if site.icon:
        icons = [{"src": site.icon, "sizes": "180x180", "type": "image/png"}]
    said = {
        "name": site.name,
        "start_url": reverse("campaigns:home"),
        "display": "minimal-ui",
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "theme_color": "#ffffff",
        "background_color": "#ffffff",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


@read_only
def favicon(request):
    return redirect(models.current().icon_url or static("img/favicon.ico"))


@public_page
@read_only
def about(request):
    return _words(request, "about")


@public_page
@read_only
def imprint(request):
    return _words(request, "imprint")


def _words(request, kind):
    """A page with the group's own words; a 404 without them."""
    shown = models.current().shown(kind)
    if shown is None:
        raise Http404
    return render(request, f"pages/{kind}.html", {"shown": shown})


@public_page
@read_only
def stylesheet(request, digest):
    """The site's colours.

    An address names one content, so it may be cached for ever. If another
    digest is asked for, the asking page is newer than this process, or a little older:
    the answer leads to the present stylesheet.
    """
    own = _branding_at(request, "stylesheet_url")
    if not own.stylesheet:
        raise Http404
    return _file(request, own.stylesheet, "text/css; charset=utf-8", own.stylesheet_url)


@public_page
@read_only
def branding_picture(request, kind, digest):
    """The logo, or the icon that is made of it; cached like the colours."""
    own = _branding_at(request, f"{kind}_url")
    picture = models.Branding.objects.values_list(f"{kind}_png", flat=True).first()
    if not picture:
        raise Http404
    return _file(request, bytes(picture), "image/png", getattr(own, f"{kind}_url"))


def _branding_at(request, name):
    if getattr(models.current(), name) != request.path:
        models.learn()
    return models.current()


def _file(request, content, content_type, address):
    if address != request.path:
        # This answer is not cached: there are more such addresses than room for pages.
        response = redirect(address)
        response["Cache-Control"] = "no-store"
        return response
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = FOR_EVER
    return response
