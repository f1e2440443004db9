"""Answers that a deleted page is gone (410), as long as it can come back."""

from campaigns.models.campaign import Campaign
from campaigns.models.update import Update
from pages.errors import error_page
from versions.models import Deleted


class GoneMiddleware:
    """Looks among the deleted once nothing was found: other pages pay nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code == 404 and match and was_deleted(match):
            return error_page(request, 410)
        return response


def was_deleted(match):
    """Whether the address names a page that was published once and is deleted now."""
    slug = match.kwargs.get("slug")
    if not slug:
        return False
    campaigns = Campaign.objects.filter(slug=slug, published_at__isnull=False)
    if campaigns.filter(deleted_at__isnull=False).exists():
        return True
    if match.view_name != "campaigns:update":
        return False
    entry = Deleted.objects.of(Update, match.kwargs["pk"])
    if entry is None:
        return False
    fields = entry.rows[0]["fields"]
    was_seen = fields["published_at"] is not None
    return was_seen and campaigns.filter(pk=fields["campaign"]).exists()
