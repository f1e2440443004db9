"""The page on which staff decide how long names are kept without a handover."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaigns.models import Milestone
from petitions.handover import keeping_names
from petitions.petition import Petition
from staff.audit import trail
from staff.models import AuditEntry


@require_http_methods(["GET", "HEAD", "POST"])
def names(request, pk):
    """When the names go, and the button for a petition that will not be handed over."""
    if not request.user.has_perm("petitions.view_petition"):
        raise PermissionDenied
    petition = (
        Petition.objects.select_related("campaign", "names_let_go_by")
        .filter(pk=pk, campaign__deleted_at=None)
        .first()
    )
    if petition is None:
        raise Http404
    may_decide = request.user.has_perm("petitions.change_petition")
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        _decide(request, petition)
        return redirect(keeping_names.page_of(petition))
    soonest, in_any_case = keeping_names.goes_at(petition)
    milestones = petition.campaign.milestones.filter(kind=Milestone.Kind.DELIVERED)
    context = {
        **admin.site.frame(request, Petition._meta),
        "title": _("How long we keep the names"),
        "petition": petition,
        "number": keeping_names.kept_of(petition),
        "soonest": soonest,
        "now": timezone.now(),
        "in_any_case": in_any_case,
        "handed_over": milestones.order_by("day").first(),
        "may_decide": may_decide,
        "days_after": settings.KEEP_AFTER_HANDOVER_DAYS,
    }
    return TemplateResponse(request, "admin/petitions/keeping_names.html", context)


def _decide(request, petition):
    """Do what the button says; any other word changes nothing."""
    match request.POST.get("decision"):
        case "let-go":
            petition.let_names_go(request.user)
            action = "let-names-go"
        case "keep":
            petition.keep_names()
            action = "keep-names"
        case _:
            messages.error(request, _("Nothing was changed. Press one of the buttons."))
            return
    number = keeping_names.kept_of(petition)
    trail.note(
        request,
        AuditEntry.Kind.ACTION,
        "petitions.signature",
        [],
        action=action,
        count=number,
    )
