"""The action page as it would be if a guided form were saved. It saves nothing."""

from django.db import transaction
from django.views.decorators.http import require_POST

from campaign_editor.views import for_campaigners, guide_for, locked
from campaigns.models import Campaign
from campaigns.views import shown_as_draft


@for_campaigners
@require_POST
def preview(request, pk=None):
    """Save the form like that of a draft, show the page, and take all of it back.

    So this is the page itself, without what cannot be used yet. Files are left out:
    their storage cannot be rolled back.
    """
    typed = request.POST.copy()
    for name in list(typed):
        if name.endswith("-kept"):
            del typed[name]
    with transaction.atomic():
        campaign = locked(pk) if pk else None
        if campaign:
            campaign.published_at = None
        sent = guide_for(request, campaign, typed)
        sent.save()
        found = Campaign.objects.get(pk=sent.campaign.pk)
        page = shown_as_draft(request, found, is_preview=True)
        transaction.set_rollback(True)
    return page
