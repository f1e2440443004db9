"""Keeps what is typed into the guided form; a script asks for it after each change."""

from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from campaign_editor.models import UnsavedForm
from campaign_editor.views import for_campaigners, guide_for, locked, why_overtaken


@for_campaigners
@require_POST
@transaction.atomic
def keep(request, pk=None):
    """Keep the form beside what is stored, for the person who typed it.

    Answers with what the window has to send the next time. 409 if the window does not
    go on from what is there now: then nothing is kept.
    """
    campaign = locked(pk) if pk else None
    sent = guide_for(request, campaign, request.POST, request.FILES)
    before = UnsavedForm.objects.of(campaign, request.user)
    if why := why_overtaken(sent, before, request.user):
        return JsonResponse({"why": why}, status=409)
    typed, began = sent.as_typed(), sent.began
    unsaved = UnsavedForm.objects.keep(campaign, request.user, typed, began=began)
    filled = sent.keep_files() if sent.files else {}
    return JsonResponse(
        {"filled": {**filled, "began": began, "typed": str(unsaved.number)}}
    )
