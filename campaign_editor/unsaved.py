"""Keeps what is typed into the guided form; a script asks for it after each change."""

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import transaction
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign_editor.free_names import free_slug
from campaign_editor.models import UnsavedForm
from campaign_editor.views import (
    for_campaigners,
    guide_for,
    locked,
    why_overtaken,
)
from campaigns.models import Campaign


@for_campaigners
@require_POST
def keep_new(request):
    """Keep the form of a new campaign, which becomes an empty draft by that."""
    with transaction.atomic():
        campaign = Campaign()
        campaign.slug = free_slug(campaign)
        campaign.save()
        said = _("Edited step by step")
        LogEntry.objects.log_actions(request.user.pk, [campaign], ADDITION, said)
        return _keep(request, campaign)


@for_campaigners
@require_POST
def keep(request, pk):
    """Keep the form beside what is stored, for the person who typed it."""
    with transaction.atomic():
        return _keep(request, locked(pk))


def _keep(request, campaign):
    """Answers with what the window has to send the next time.

    409 if the window does not go on from what is there now: then nothing is kept.
    """
    sent = guide_for(request, campaign, request.POST, request.FILES)
    before = UnsavedForm.objects.of(campaign, request.user)
    if why := why_overtaken(sent, before, request.user):
        return JsonResponse({"why": why}, status=409)
    typed, filled = request.POST.copy(), _kept_files(sent)
    for name, value in filled.items():
        typed[name] = value
    began = sent.began
    unsaved = UnsavedForm.objects.keep(campaign, request.user, typed, began=began)
    return JsonResponse(
        {
            "page": reverse("campaign_editor:guided", args=[campaign.pk]),
            "keep": reverse("campaign_editor:keep", args=[campaign.pk]),
            "preview": reverse("campaign_editor:preview", args=[campaign.pk]),
            "filled": {**filled, "began": began, "typed": str(unsaved.number)},
        }
    )


def _kept_files(sent):
    """Fields that take the place of the files that were sent, by their names."""
    if not sent.files:
        return {}
    found = {f"{name}-kept": key for name, key in sent.keep_files().items()}
    if text := sent.letter_section.csv.typed:
        found["csv-text"] = text
    return found
