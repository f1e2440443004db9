"""The page as it would be if a guided form were saved. It saves nothing."""

from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from campaign_editor.views import for_campaigners, guide_for, locked
from campaigns.models import Campaign
from campaigns.views import shown_as_draft
from versions.pending_uploads import KEPT


@for_campaigners
@require_POST
def preview(request, pk=None):
    """Save the form like that of a draft, show the page, and take all of it back.

    So this is the page itself, without what cannot be used yet. Files show once they
    are saved, since their storage cannot be rolled back.
    """
    typed = request.POST.copy()
    kept = [typed.pop(name) for name in list(typed) if name.endswith(KEPT)]
    with transaction.atomic():
        campaign = locked(pk) if pk else None
        was_published = bool(campaign and campaign.is_published)
        if campaign:
            campaign.published_at = None
        sent = guide_for(request, campaign, typed, MultiValueDict())
        sent.store()
        page = shown_as_draft(
            request,
            Campaign.objects.get(pk=sent.edited.pk),
            is_public=was_published,
            is_preview=True,
            new_files=any(request.FILES.values()) or any(map(any, kept)),
        )
        transaction.set_rollback(True)
    return page
