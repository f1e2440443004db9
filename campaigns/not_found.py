"""What stands in the place of “not found” below the address of a campaign.

A page that visitors have seen before is gone (410). Everything else leads to the
campaign: many come by a link that a mail program has cut.
"""

from django.core.validators import slug_re
from django.http import Http404
from django.utils.translation import get_language

from campaigns.models.address import slug_at
from campaigns.models.campaign import Campaign
from campaigns.models.text import localize
from campaigns.models.update import Update
from pages.errors import error_page
from versions.models import Deleted


def in_its_place(request, response):
    """What stands in the place of this answer, which has found nothing."""
    match = request.resolver_match
    if response.status_code == 404 and match and was_seen(match):
        return error_page(request, 410)
    if campaign := _campaign_above(request.path_info):
        page = error_page(request, response.status_code, campaign=campaign)
        if "Allow" in response:  # RFC 9110, 15.5.6
            page["Allow"] = response["Allow"]
        return page
    return response


def was_seen(match):
    """Whether the address names what visitors have seen before, and do not see now."""
    if match.view_name == "picture":
        name = match.kwargs["name"]
        return Campaign.objects.gone().with_share_image(name).exists()
    slug = match.kwargs.get("slug")
    if not slug:
        return False
    if Campaign.objects.gone().filter(slug=slug).exists():
        return True
    if match.view_name != "campaigns:update":
        return False
    entry = Deleted.objects.of(Update, match.kwargs["pk"])
    if entry is None:
        return False
    fields = entry.rows[0]["fields"]
    published = Campaign.objects.filter(pk=fields["campaign"], slug=slug)
    was_shown = fields["published_at"] is not None
    return was_shown and published.filter(published_at__isnull=False).exists()


def _campaign_above(path):
    """The public campaign whose address a path begins with, or None."""
    # The first part may be the language. A text with a NUL cannot be asked for.
    parts = [part for part in path.split("/")[1:3] if slug_re.match(part)]
    here = get_language()
    shown = Campaign.objects.published()
    found = shown.filter(slug__in=[slug_at(here, part) for part in parts]).first()
    localize([found])
    return found


def refuse_offline(campaign):
    """Raise Http404, which becomes a 410 for what visitors have seen, where nothing can
    be done any more for a campaign that is not public."""
    if campaign is not None and not campaign.is_published:
        raise Http404
