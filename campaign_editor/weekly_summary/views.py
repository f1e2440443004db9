"""Asking for Monday's summary, on a page of staff; stopping it, also by its link."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaign_editor.weekly_summary.models import WeeklySummary


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request):
    """Whether this person gets one, and the button that changes it."""
    mine = WeeklySummary.objects.filter(user=request.user)
    if request.method == "POST":
        if "stop" in request.POST:
            mine.stop()
            messages.success(request, _("Stopped. You get no more summaries."))
        elif not request.user.email:
            messages.error(request, _("Your account has no email address."))
        else:
            WeeklySummary.objects.ask(request.user)
            messages.success(request, _("You get the first one next Monday."))
        return redirect("campaign_editor:weekly-summary")
    context = {
        **admin.site.frame(request),
        "title": _("Monday’s summary"),
        "is_wanted": mine.filter(stopped_at=None).exists(),
    }
    return TemplateResponse(
        request, "admin/campaign_editor/weekly_summary.html", context
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, key):
    """The button that stops it, behind the link of each summary.

    Mail programs post here as well (RFC 8058), and from no page of ours. The key guards
    this page.
    """
    found = get_object_or_404(WeeklySummary, key=key)
    if request.method == "POST":
        WeeklySummary.objects.filter(pk=found.pk).stop()
        found.refresh_from_db()
    context = {"is_stopped": found.stopped_at is not None}
    return render(request, "campaign_editor/weekly_summary.html", context)
