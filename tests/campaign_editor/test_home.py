"""A campaign's home on the staff site: how it stands, what comes next, its numbers."""

import html
import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import Campaign, PageViews
from petitions.models import Bundle, DayCount, ReferralDayCount, Signature, TallyEntry
from staff.waiting import waiting_for
from supporters.models import Mailing
from tests.factories import (
    make_campaign,
    make_comment,
    make_counted,
    make_ended_campaign,
    make_letter,
    make_petition,
    make_staff,
    make_update,
    sign,
)
from tests.letters.makers import confirmed
from tests.staff.test_dashboard import make_one_of_each_that_waits
from versions.models import Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def at(campaign):
    return f"/admin/editor/campaigns/{campaign.pk}/home/"


def stands(client, campaign):
    """The state in a word, the sentence behind it, and the words of the one button."""
    page = client.get(at(campaign)).text
    state = re.search(r'(?s)class="home-state".*?</section>', page)[0]
    word = re.search(r'class="state state-\w+">([^<]+)</span>([^<]*)', state)
    buttons = re.findall(r'desk-yes" href="([^"]+)">(.*?)</a>', state)
    assert len(buttons) <= 1
    return word[1], word[2].strip(), *(buttons or [("", "")])[0]


def numbers(client, campaign, days=7):
    """Of each step of the funnel its number, the one before, and the change."""
    page = client.get(at(campaign), {"days": days})
    return {
        str(each.step.key): (each.now, each.before, each.change)
        for each in page.context["steps"]
    }


def test_a_draft_says_what_is_missing_and_leads_there(client, bo):
    campaign = Campaign.objects.create(title="Foxes", slug="foxes")

    word, words, page, label = stands(client, campaign)

    assert (word, label) == ("Draft", "Continue")
    assert "3 things to put right" in words
    assert "The ask in one sentence" in words
    assert page == f"/admin/editor/campaigns/{campaign.pk}/#id_summary"
    assert "The last 28 days" not in client.get(at(campaign)).text


def test_a_draft_can_be_deleted_from_its_home_and_what_is_public_cannot(client, bo):
    draft, public = Campaign.objects.create(slug="foxes"), make_campaign()

    for campaign, is_offered in ((draft, True), (public, False)):
        page = f"/admin/campaigns/campaign/{campaign.pk}/delete/"
        assert (f'href="{page}"' in client.get(at(campaign)).text) is is_offered
    page = f"/admin/campaigns/campaign/{draft.pk}/delete/"
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert client.get(at(draft)).status_code == 404


def test_each_state_has_its_next_step(client, bo):
    now = timezone.now()
    later = make_campaign(
        published_at=now + timedelta(days=2), opens_at=now + timedelta(days=2)
    )
    paused = make_petition()
    paused.pause()
    over = make_petition()
    make_counted(over)
    over.campaign.closes_at = now - timedelta(days=1)
    over.campaign.save()
    unsigned = make_petition(make_ended_campaign())
    quiet = make_campaign()
    fresh = make_update(make_campaign()).campaign
    ends = make_campaign(closes_at=now + timedelta(days=3))

    assert stands(client, later)[0] == "Scheduled"
    assert stands(client, paused.campaign)[::3] == ("Paused", "Resume signing …")
    word, _words, page, label = stands(client, over.campaign)
    assert (word, label) == ("Over", "Make the files for officials")
    assert page == f"/admin/petitions/bundle/add/?petition={over.pk}"
    assert stands(client, unsigned.campaign)[3] == "Write an update"
    assert stands(client, quiet)[1:] == (
        "People can act now. They have heard nothing new for 30 days.",
        f"/admin/campaigns/update/add/?campaign={quiet.pk}",
        "Write an update",
    )
    assert stands(client, fresh)[::3] == ("Open", "See the page")
    assert stands(client, ends)[1].startswith("It ends in 3 days.")
    over.campaign.milestones.create(kind="won", day=over.campaign.today)
    assert stands(client, over.campaign)[3] == "See the figures"


def groups(client, campaign):
    """The words of the links to its parts, by the heading above them."""
    page = client.get(at(campaign)).text
    parts = page.partition('class="home-parts"')[2].partition("</nav>")[0]
    return {
        group.partition("</h2>")[0]: re.findall(r'<a href="[^"]+">([^<]+)</a>', group)
        for group in re.split(r'<h2 id="parts-\d+">', parts)[1:]
    }


def test_its_parts_stand_in_groups_and_empty_ones_are_out(client, bo):
    petition = make_petition()
    campaign = petition.campaign
    make_letter(campaign)

    assert groups(client, campaign) == {
        "On the page": [
            *("Edit", "See the page", "Show it on your website", "Translations"),
            *("Pause signing …", "Close …", "Versions", "Result and milestones"),
        ],
        "People": ["Signatures", "Letters", "Followers", "Comments"],
        "Officials": ["Recipients", "Where they stand", "Files for officials"],
        "Figures and logs": ["All figures", "Make share links, with QR codes"],
    }
    client.force_login(make_staff("cy", "Moderators"))
    assert groups(client, campaign) == {
        "On the page": [
            "See the page",
            "Show it on your website",
            "Result and milestones",
        ],
        "People": ["Signatures", "Letters", "Followers", "Comments"],
        "Figures and logs": ["All figures"],
    }


def test_on_its_last_day_a_campaign_says_so(client):
    with time_machine.travel("2027-03-03T12:00Z"):
        client.force_login(make_staff("bo", "Campaigners"))
        ends = make_campaign(closes_at=timezone.now() + timedelta(hours=1))

        _word, words, _page, label = stands(client, ends)

    assert words == "Today is its last day. Ask people to share it once more."
    assert label == "Write an update"


def test_the_funnel_stands_beside_the_days_before(client, bo):
    petition = make_petition()
    campaign = petition.campaign
    make_letter(campaign)
    today = campaign.today
    for ago, number in ((0, 30), (6, 30), (7, 40), (13, 10), (14, 999)):
        day = today - timedelta(days=ago)
        PageViews.objects.create(
            campaign=campaign, page="campaign", day=day, number=number
        )
        DayCount.objects.create(
            petition=petition, day=day, country="GB", added=number // 2, removed=0
        )
        for code, signed in (("wa", number // 10), ("", number - number // 10)):
            ReferralDayCount.objects.create(
                petition=petition, day=day, code=code, signed=signed
            )

    assert numbers(client, campaign) == {
        "views": (60, 50, 20),
        "signed": (60, 50, 20),
        "confirmed": (30, 25, 20),
        "wrote": (0, 0, None),
        "shared": (6, 5, 20),
    }
    page = client.get(at(campaign), {"days": 7}).text
    assert "+20%" in page
    assert "7 days before" in page


def test_who_came_a_moment_ago_counts_already_and_only_once(client, bo):
    petition = make_petition()
    suggested = make_letter(petition.campaign)
    make_counted(petition, 2)
    sign(petition, email="wa@mail.example", referral_code="wa")
    sign(petition, email="own@mail.example", referral_code="abcdefghij")
    sign(petition, email="poster@mail.example", referral_code="paper")
    confirmed(suggested)
    TallyEntry.roll_up()
    expected = {
        "views": (0, 0, None),
        "signed": (5, 0, None),
        "confirmed": (2, 0, None),
        "wrote": (1, 0, None),
        "shared": (2, 0, None),
    }

    assert numbers(client, petition.campaign) == expected

    Signature.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    ReferralDayCount.note_signed()
    assert numbers(client, petition.campaign) == expected
    ReferralDayCount.note_signed()
    assert numbers(client, petition.campaign) == expected


def test_who_may_not_see_letters_sees_no_number_of_them(client):
    petition = make_petition()
    make_letter(petition.campaign)
    client.force_login(make_staff("nobody"))
    assert client.get(at(petition.campaign)).status_code == 403

    cy = make_staff("cy", "Moderators")
    client.force_login(cy)
    page = client.get(at(petition.campaign)).text
    assert "Wrote a letter" in page
    assert "Write an update" not in page
    assert f'/admin/editor/campaigns/{petition.campaign.pk}/"' not in page


def test_what_waits_is_only_that_of_this_campaign_and_so_are_its_pages(client):
    root = make_staff("root", is_superuser=True)
    client.force_login(root)
    suggested = make_one_of_each_that_waits(1)
    make_one_of_each_that_waits(2)
    quiet = make_petition().campaign

    here = client.get(at(suggested.campaign)).context["waiting"]

    of_none = ("/admin/inbox/alerts/", "/admin/outbox/")
    everywhere = [
        found for found in waiting_for(root) if not found.page.startswith(of_none)
    ]
    assert len(here) == len(everywhere) > 8
    assert {found.number for found in here} == {1}
    assert {found.number for found in everywhere} == {2}
    for found in here:
        there = client.get(found.page)
        assert there.status_code == 200
        # Held acts of all kinds stand together.
        if "stances" not in found.page and "held" not in found.page:
            rows = there.context.get("cl") or there.context["page"].paginator
            number = getattr(rows, "result_count", None) or rows.count
            assert number == 1, found.page
    assert client.get(at(quiet)).context["waiting"] == []


@pytest.mark.parametrize("page", ["inbox/held/", "inbox/names/", "inbox/comments/"])
def test_a_desk_of_one_campaign_says_so_and_leads_to_all(client, page):
    client.force_login(make_staff("root", is_superuser=True))
    campaign = make_one_of_each_that_waits(1).campaign
    desk = f"/admin/{page}"

    shown = client.get(desk, {"campaign": campaign.pk})

    assert f"Only those of “{campaign}”." in html.unescape(shown.text)
    assert "Only those of" not in client.get(desk).text
    for wrong in ("0", "x", "٣", "9" * 30, ""):
        assert client.get(desk, {"campaign": wrong}).status_code == 404


def test_what_is_decided_for_one_campaign_leads_back_to_it(client):
    client.force_login(make_staff("root", is_superuser=True))
    campaign = make_one_of_each_that_waits(1).campaign
    held = Signature.objects.held().get()
    desk = f"/admin/inbox/held/?campaign={campaign.pk}"
    chosen = {"decision": f"release:petitions.signature-{held.pk}-{held.pk}"}

    answer = client.post(desk, chosen)

    assert answer.url == desk
    assert Signature.objects.held().count() == 0


def test_a_list_of_no_campaign_is_empty(client):
    client.force_login(make_staff("root", is_superuser=True))
    make_one_of_each_that_waits(1)

    for wrong in ("0", "x", "9" * 30):
        found = client.get("/admin/letters/officialanswer/", {"campaign": wrong})
        assert found.context["cl"].result_count == 0


def test_what_was_done_is_told_and_marked_in_the_charts(client, bo):
    petition = make_petition()
    campaign = petition.campaign
    make_counted(petition, 3)
    moment = datetime.combine(campaign.today, time(0, 1), campaign.zone)
    update = make_update(campaign, "We were heard")
    campaign.updates.update(published_at=moment)
    soon = moment + timedelta(minutes=1)
    Mailing.objects.create(update=update, queued_at=soon, followers=1203)
    campaign.milestones.create(kind="delivered", day=campaign.today, who="the Mayor")

    page = client.get(at(campaign))

    [mark] = page.context["marks"]
    assert mark.day == campaign.today
    assert [words for words, _page in mark.said] == [
        "Update: We were heard",
        "Email to 1,203 followers: We were heard",
        "Handed over to the Mayor",
    ]
    assert '<text class="chart-number"' in page.text
    told = [str(entry.words) for entry in page.context["entries"]]
    assert {words for words, _page in mark.said} | {"Published"} <= set(told)
    figures = client.get(f"/admin/campaigns/campaign/{campaign.pk}/figures/").text
    assert "Update: We were heard" in figures


def test_the_list_shows_numbers_and_states_as_words(client, bo):
    petition = make_petition(title="Bucheon")
    suggested = make_letter(petition.campaign)
    make_counted(petition, 3)
    confirmed(suggested)
    make_comment(petition.campaign, queued_at=timezone.now())
    now = timezone.now()
    make_campaign(title="A draft", published_at=None)
    make_campaign(title="Later", published_at=now + timedelta(days=1))
    make_ended_campaign(title="Done")
    make_petition(title="Stopped").pause()
    expected = {
        "Bucheon": ("Open", "3", "1", "1"),
        "A draft": ("Draft", "0", "0", "0"),
        "Later": ("Scheduled", "0", "0", "0"),
        "Done": ("Over", "0", "0", "0"),
        "Stopped": ("Paused", "0", "0", "0"),
    }

    assert listed(client) == expected
    for state in {row[0] for row in expected.values()}:
        of_it = {name: row for name, row in expected.items() if row[0] == state}
        assert listed(client, state=state.lower()) == of_it
    assert f'href="{at(petition.campaign)}"' in client.get(CAMPAIGNS).text


def test_an_empty_list_says_what_to_do_first(client, bo):
    page = client.get(CAMPAIGNS).text
    assert "There is no campaign yet. Make the first one" in page
    assert "Filter" not in page
    client.force_login(make_staff("cy", "Moderators"))
    assert "Make the first one" not in client.get(CAMPAIGNS).text
    client.force_login(bo)

    make_campaign()

    assert "There is no campaign yet." not in client.get(CAMPAIGNS).text
    assert "No campaign fits." in client.get(CAMPAIGNS, {"state": "over"}).text
    assert "No campaign fits." in client.get(CAMPAIGNS, {"q": "foxes"}).text


def test_there_is_one_way_to_make_a_campaign(client):
    client.force_login(make_staff("root", is_superuser=True))

    page = client.get(CAMPAIGNS).text

    assert "/admin/editor/campaigns/new/" in page
    for path in ("/admin/", CAMPAIGNS, "/admin/advanced/"):
        assert "campaigns/campaign/add/" not in client.get(path).text
    added = client.get(f"{CAMPAIGNS}add/")
    assert added.url == "/admin/editor/campaigns/new/"


CAMPAIGNS = "/admin/campaigns/campaign/"


def listed(client, **query):
    """State, signatures, letters, waiting comments of each campaign, by its title."""
    page = client.get(CAMPAIGNS, query).text
    rows = re.findall(r'(?s)<th class="field-name".*?</tr>', page)
    found = {}
    for row in rows:
        cells = re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row)
        name, *values = [re.sub("<[^>]+>", "", cell).strip() for cell in cells]
        found[name] = tuple(values[:4])
    return found


def test_a_moderator_reads_of_nothing_that_they_may_not_open(client, bo):
    """Each entry of what happened leads to a page that its reader may open."""
    petition = make_petition()
    campaign = petition.campaign
    petition.pause()
    update = make_update(campaign, title="The foxes are back")
    Mailing.objects.create(update=update, followers=3, queued_at=timezone.now())
    Bundle.objects.create(petition=petition, to="the Mayor")
    Version.objects.note(campaign, by=bo)
    campaign.title = "Foxes"
    campaign.save()
    Version.objects.note(campaign, by=bo)
    of_bo = happened(client, campaign)
    client.force_login(make_staff("cy", "Moderators"))

    of_cy = happened(client, campaign)

    for words in ("Email to 3 followers", "Files made for", "Texts changed by bo"):
        assert words in of_bo
        assert words not in of_cy
    assert "Update: The foxes are back" in of_cy
    assert "Signing paused" in of_cy
    for page in re.findall(r'href="([^"]+)"', of_cy):
        assert client.get(page).status_code == 200


def happened(client, campaign):
    page = client.get(at(campaign)).text
    return page.partition('id="life-title"')[2].partition("</section>")[0]


def test_a_campaign_that_was_public_before_it_came_here_was_no_draft(client, bo):
    def told(**fields):
        page = client.get(at(make_campaign(**fields)))
        return [str(entry.words) for entry in page.context["entries"]]

    long_ago = timezone.now() - timedelta(days=3000)
    a_week_ago = timezone.now() - timedelta(days=7)

    assert told(published_at=long_ago, opens_at=long_ago) == ["Published"]
    drafted = make_campaign(published_at=a_week_ago, opens_at=a_week_ago)
    Campaign.objects.filter(pk=drafted.pk).update(created_at=long_ago)
    entries = client.get(at(drafted)).context["entries"]
    assert [str(entry.words) for entry in entries] == ["Published", "Draft begun"]
