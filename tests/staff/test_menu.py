"""The menu of the staff site: all stands somewhere, and opens for who sees it."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group

from branding import models
from campaign_site.menu import SECTIONS, List
from campaigns.models import Campaign, CampaignRole
from tests.factories import make_campaign, make_letter, make_petition, make_staff
from tests.staff.test_lists import make_row

pytestmark = pytest.mark.django_db
ENTRIES = [entry for section in SECTIONS for entry in section.entries]


def parts(page):
    """The sections of the menu of this page: (label, links, whether it is this one)."""
    found = re.findall(
        r'(?s)<details class="menu-part" name="menu-part"( open)?>\s*'
        r"<summary>(.*?)</summary>(.*?)</details>",
        page.text,
    )
    link = r'<a href="([^"]+)"( aria-current="true")?>([^<]+)</a>'
    return [
        (label, re.findall(link, links), bool(is_open))
        for is_open, label, links in found
    ]


def shown(page):
    """The addresses that the menu of this page offers, by section."""
    return {label: [link[0] for link in links] for label, links, _here in parts(page)}


def here(page):
    [(label, links)] = [
        (label, links) for label, links, is_here in parts(page) if is_here
    ]
    return label, [words for _address, is_here, words in links if is_here]


def test_each_list_of_the_admin_stands_in_one_section():
    listed = [entry.model for entry in ENTRIES if isinstance(entry, List)]

    registered = {model._meta.label_lower for model in admin.site._registry}

    assert sorted(listed) == sorted(registered)


@pytest.mark.parametrize("group", ["Campaigners", "Moderators", "root", None])
def test_all_lists_offers_what_somebody_may_open(client, group, subtests):
    is_root = group == "root"
    user = make_staff("bo", None if is_root else group, is_superuser=is_root)
    client.force_login(user)
    make_row(1)
    page = client.get("/admin/advanced/").text
    offered = re.findall(r'<li><a href="(/admin/[^"]*)">', page)

    for entry in ENTRIES:
        with subtests.test(entry.address):
            status = client.get(entry.address, follow=True).status_code
            assert status == (200 if entry.address in offered else 403)
    assert {*offered} >= {entry.address for entry in ENTRIES} or not is_root
    assert len(offered) > (3 if group else 2)


def test_a_menu_has_five_doors_and_few_entries(client):
    root = make_staff("root", is_superuser=True)
    client.force_login(root)
    begun = shown(client.get("/admin/"))
    assert list(begun) == ["To do", "Campaigns", "Inbox", "Officials", "Settings"]
    assert len([link for links in begun.values() for link in links]) <= 12
    held = client.get("/admin/inbox/held/")
    assert here(held) == ("Inbox", ["Inbox"])

    make_row(1)
    grown = shown(client.get("/admin/advanced/"))

    assert list(grown) == list(begun)
    assert "/admin/petitions/signature/fraud/" in grown["Inbox"]
    assert len([link for links in grown.values() for link in links]) <= 20


def test_who_campaigns_for_one_campaign_has_a_short_menu(client):
    make_row(1)
    bo = make_staff("bo")
    group = Group.objects.get(name="Campaigners")
    campaign = Campaign.objects.latest("pk")
    CampaignRole.objects.create(user=bo, group=group, campaign=campaign)
    client.force_login(bo)

    found = shown(client.get("/admin/"))

    assert list(found) == ["To do", "Campaigns", "Inbox", "Officials", "Settings"]
    assert len([link for links in found.values() for link in links]) <= 10


def test_a_page_says_in_which_section_it_stands(client):
    client.force_login(make_staff("root", is_superuser=True))
    campaign = make_campaign()

    def at(path):
        return here(client.get(f"/admin/{path}"))

    assert at("") == ("To do", ["To do"])
    assert at("petitions/signature/") == ("Inbox", ["Signatures"])
    assert at("petitions/signature/fraud/") == ("Inbox", ["Fraud desk"])
    assert at("inbox/comments/") == ("Inbox", ["Inbox"])
    assert at("supporters/consent/") == ("Inbox", ["Consents"])
    assert at("advanced/") == ("Settings", ["All lists"])
    assert at("petitions/") == ("Settings", ["All lists"])
    change = f"campaigns/campaign/{campaign.pk}/change/"
    assert at(change) == ("Campaigns", ["Campaigns"])
    assert at("editor/campaigns/new/")[0] == "Campaigns"
    translations = ("Campaigns", ["Translated campaign pages"])
    assert at("campaigns/campaigntext/") == translations
    if apps.is_installed("volunteers"):
        assert at(f"translations/{campaign.pk}/") == translations
    letter = make_letter(campaign)
    petition = make_petition(campaign)
    assert at(f"letters/suggestedletter/{letter.pk}/stances/")[0] == "Campaigns"
    assert at(f"petitions/petition/{petition.pk}/pause/")[0] == "Campaigns"


def test_the_menu_is_the_same_on_a_phone_and_needs_no_script(client):
    client.force_login(make_staff("bo", "Campaigners"))
    make_row(1)

    page = client.get("/admin/")

    wide = page.text.partition('<ul class="menu-tabs">')[2].partition("</ul>")[0]
    tabs = re.findall(r'<a href="([^"]+)"', wide)
    assert tabs == [addresses[0] for addresses in shown(page).values()]
    below = client.get("/admin/inbox/names/").text
    below = below.partition('<nav class="menu-sub"')[2].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)"', below) == shown(page)["Inbox"]


def test_who_is_not_signed_in_sees_no_menu(client):
    assert "menu-tabs" not in client.get("/admin/account/login/").text


def test_the_staff_site_has_the_colours_of_the_site(client):
    client.force_login(make_staff("bo", "Campaigners"))
    assert "/branding/" not in client.get("/admin/").text

    models.Branding.objects.create(primary="#7a1f5c", accent="#ffd166")
    models.learn()

    address = models.current().stylesheet_url
    assert f'<link rel="stylesheet" href="{address}">' in client.get("/admin/").text
    assert "--brand: #7a1f5c;" in client.get(address).text
