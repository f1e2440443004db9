"""The pages of staff on a large site, and what leads from each to others."""

import re
from functools import cache
from html import unescape
from urllib.parse import urljoin, urlsplit

# In each list: part of a name, an address, and what nobody is called.
WORDS = ("Person 77", "p500@many.example", "nobodylikethis")


@cache
def signed_in():
    """The browser of somebody who may do everything."""
    from django.test import Client

    from staff.models import User

    staff = Client(SERVER_NAME="127.0.0.1")
    root, _new = User.objects.get_or_create(
        username="root", is_staff=True, is_superuser=True
    )
    staff.force_login(root)
    return staff


def open_page(page):
    """The whole answer, and its bytes."""
    answer = signed_in().get(page, follow=True)
    return answer, answer.getvalue()


def addresses():
    """Where to begin: the largest first, so that they stand for all of their kind."""
    from campaign_site.menu import SECTIONS
    from campaigns.models import Campaign

    campaign = Campaign.objects.get(slug="many")
    petition, letter = campaign.petition, campaign.letter
    update = campaign.updates.earliest("pk")
    return [
        f"/admin/editor/campaigns/{campaign.pk}/home/",
        f"/admin/editor/campaigns/{campaign.pk}/",
        f"/admin/campaigns/campaign/{campaign.pk}/change/",
        f"/admin/campaigns/campaign/{campaign.pk}/figures/",
        f"/admin/petitions/petition/{petition.pk}/change/",
        f"/admin/petitions/signature/?petition__id__exact={petition.pk}",
        f"/admin/letters/suggestedletter/{letter.pk}/change/",
        f"/admin/letters/recipientlist/{letter.recipient_list_id}/change/",
        f"/admin/campaigns/update/{update.pk}/change/",
        *(entry.address for section in SECTIONS for entry in section.entries),
    ]


@cache
def lists():
    """Addresses by their names: the dashboard, each page of the menu and of what is
    largest; of each list the first and last choice of each filter, and a search."""
    pages = ["/admin/", *addresses()]
    for page in [*pages]:
        answer, content = open_page(page)
        if "?" in page or not answer["Content-Type"].startswith("text/html"):
            continue
        choices = {}
        for link in links_of(page, content.decode()):
            parts = urlsplit(link)
            if parts.path == urlsplit(page).path and parts.query:
                choices.setdefault(parts.query.partition("=")[0], []).append(link)
        for some in choices.values():
            pages += {some[0]: 1, some[-1]: 1}
    return {f"{'?'.join(kind_of(page))}".rstrip("?"): page for page in pages}


def kind_of(page):
    """The address without its numbers; what a list is filtered by stays."""
    parts = urlsplit(page)
    return re.sub(r"\d+", "0", parts.path), re.sub(r"=\d+", "=0", parts.query)


def links_of(page, text):
    """The pages of staff that this one leads to; a list with a search is searched."""
    found = [
        urljoin(page, unescape(link)).partition("#")[0]
        for link in re.findall(r'<a [^>]*href="([^"]*)"', text)
    ]
    if 'id="searchbar"' in text:
        found += [f"{urlsplit(page).path}?q={words}" for words in WORDS]
    return [
        link
        for link in found
        if link.startswith("/admin/") and not re.search(r"[?&](o|p|_changelist)", link)
    ]
