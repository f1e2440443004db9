"""Addresses of pages that were brought here from another site, which lead on.

They are looked for once nothing else was found (campaigns/redirects.py), so that none
takes the place of a page of this site. WordPress knows a page by its number, too, at
the address of the home page: `old_query()` says which requests ask for that.
"""

import re
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.update import Update

LONGEST = 300
# Below these there is nothing that could be another site's page.
_OURS = ("admin", "media", "static")
# What WordPress calls a page by its number.
QUERIES = ("p", "page_id", "attachment_id")
# What it puts behind the address of a page: its feeds, parts, and pages of comments.
_BEHIND = re.compile(
    r"/(?:feed(?:/(?:rss|rss2|atom|rdf))?|amp|embed|trackback|comment-page-\d{1,6}"
    r"|page/\d{1,6}|\d{1,3})$"
)
_FEED = re.compile(r"/feed(?:/(?:rss|rss2|atom|rdf))?$")


class OldAddressManager(models.Manager):
    def keep(self, addresses, campaign, update=None):
        """Let these lead to a campaign, or to its update, but for those that are kept.

        An address is what stands after the host.
        """
        paths = dict.fromkeys(filter(None, map(normal, addresses)))
        rows = [OldAddress(path=p, campaign=campaign, update=update) for p in paths]
        self.bulk_create(rows, ignore_conflicts=True)

    def at(self, address):
        """The row of an address, and whether it is that of a feed; or None and False.

        What stands behind the address of a page is left out if the whole is not known.
        It leads nowhere while visitors do not see the campaign.
        """
        whole = normal(address)
        if whole is None:
            return None, False
        page = _BEHIND.sub("", whole)
        seen = self.filter(campaign__in=Campaign.objects.published())
        found = seen.select_related("campaign", "update").in_bulk(
            [whole, page], field_name="path"
        )
        row = found.get(whole) or found.get(page)
        is_feed = bool(_FEED.search(whole)) and whole not in found
        return row, is_feed or "feed" in parse_qs(urlsplit(address).query)


class OldAddress(models.Model):
    """An address of another site that leads to a campaign, or to one of its updates."""

    path = models.CharField(_("address"), max_length=LONGEST, unique=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="old_addresses"
    )
    update = models.ForeignKey(
        Update, on_delete=models.SET_NULL, null=True, related_name="old_addresses"
    )

    objects = OldAddressManager()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self):
        return self.path


def normal(address):
    """An address as it is kept: no slash at its end, letters as people read them.

    None for the home page, and for what cannot be kept: it is too long, or has a NUL.
    """
    try:
        split = urlsplit(address)
    except ValueError:
        return None
    asked = parse_qs(split.query)
    for name in QUERIES:
        if number := asked.get(name, [""])[0]:
            is_one = number.isascii() and number.isdecimal() and len(number) <= 12
            return f"?p={int(number)}" if is_one else None
    path = unicodedata.normalize("NFC", unquote(split.path)).casefold()
    parts = [part for part in path.split("/") if part]
    if not parts or parts[0] in _OURS or "\x00" in path:
        return None
    path = "/" + "/".join(parts)
    return path if len(path) <= LONGEST else None


def old_query(request):
    """Whether a request asks the home page for a page of WordPress, by its number."""
    query = request.META.get("QUERY_STRING", "")
    return any(f"{name}=" in query for name in QUERIES) and any(
        name in request.GET for name in QUERIES
    )
