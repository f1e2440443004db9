"""The few pages that belong to the site and to no app."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from campaign_site.page_cache import public_page


@public_page
@require_safe
def privacy(request):
    """What the site stores, what for, how long: quoted from the settings."""
    return render(
        request,
        "pages/privacy.html",
        {
            "unconfirmed_days": settings.KEEP_UNCONFIRMED_DAYS,
            "bundle_days": settings.KEEP_BUNDLES_DAYS,
            "signers_months": settings.KEEP_SIGNERS_MONTHS,
            "jobs_hours": settings.KEEP_FINISHED_JOBS_HOURS,
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
            "audit_days": settings.KEEP_AUDIT_DAYS,
        },
    )


@public_page
@require_safe
def robots(request):
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request):
    return redirect(static("img/favicon.ico"))
