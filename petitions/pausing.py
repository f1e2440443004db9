"""The page of the admin on which signing is paused, and begins again."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaigns.local_time import in_words
from petitions.petition import Petition


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request, pk):
    """Say what a pause does, and the button for it; or for its end."""
    petitions = Petition.objects.select_related("campaign")
    petition = get_object_or_404(petitions, pk=pk, campaign__deleted_at=None)
    if not request.user.has_perm("petitions.change_petition"):
        raise PermissionDenied
    if petition.campaign.has_ended:
        messages.error(request, _("The campaign has ended, so nobody can sign."))
        return redirect("admin:petitions_petition_change", pk)
    if request.method == "POST":
        if "resume" in request.POST:
            is_changed = petition.resume()
            said = gettext("People can sign again. The page changes within a minute.")
        else:
            is_changed = petition.pause()
            said = gettext(
                "Paused. The page changes within a minute. To go on, choose “Resume "
                "signing” on the campaign’s home."
            )
        if is_changed:
            LogEntry.objects.log_actions(request.user.pk, [petition], CHANGE, said)
        messages.success(request, said)
        return redirect("admin:petitions_petition_changelist")
    paused_at = petition.paused_at
    context = {
        **admin.site.frame(request, Petition._meta),
        "title": _("Resume signing?") if paused_at else _("Pause signing?"),
        "petition": petition,
        "paused": paused_at and in_words(paused_at, petition.campaign.zone),
    }
    return TemplateResponse(request, "admin/petitions/pause.html", context)
