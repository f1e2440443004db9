"""What happened to a petition, for its campaign's page on the desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from petitions.handover.models import Bundle
from petitions.petition import Petition
from reporting.timeline import TimelineEntry

MOST_BUNDLES = 5


def timeline(user, campaign):
    petition = Petition.objects.filter(campaign=campaign).first()
    if petition is None:
        return
    if petition.paused_at:
        page = ""
        if user.has_perm("petitions.change_petition"):
            page = reverse("admin:petitions_petition_pause", args=[petition.pk])
        yield TimelineEntry(petition.paused_at, _("Signing paused"), page, marked=True)
    if not user.has_perm("petitions.view_bundle"):
        return
    bundles = Bundle.objects.filter(petition=petition).order_by("-pk")[:MOST_BUNDLES]
    for at, pk, to in bundles.values_list("asked_at", "pk", "to"):
        page = reverse("admin:petitions_bundle_change", args=[pk])
        yield TimelineEntry(at, _("Files made for %s") % to, page)
