"""What Bo writes is kept: compared, restored, and not written over by Ana."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from campaigns.models import Campaign, CampaignRole
from letters.models import Recipient
from tests.factories import (
    make_campaign,
    make_letter,
    make_petition,
    make_recipients,
    make_staff,
    make_update,
)
from tests.letters.test_meetings import make_meeting
from tests.staff.forms import change_page, fields_of, fill_in
from versions.comparing import changes
from versions.models import Version

pytestmark = pytest.mark.django_db
CAMPAIGNS = "/admin/campaigns/campaign/"
LETTERS = "/admin/letters/suggestedletter/"
LISTS = "/admin/letters/recipientlist/"
DAY, SOURCE = date(2026, 1, 1), "https://city.example/vote"


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def versions_of(row):
    return list(Version.objects.of(row))


def test_each_save_is_a_version_with_who_when_and_what(client, bo):
    campaign = make_campaign(story="<p>They live here.</p>")
    path = change_page(CAMPAIGNS, campaign)

    fill_in(client, path, outcome="They stop.")
    won = {
        "milestones-TOTAL_FORMS": "1",
        "milestones-0-kind": "won",
        "milestones-0-day": "2026-01-01",
    }
    fill_in(client, path, **won)

    newest, middle, first = versions_of(campaign)
    assert (newest.by, newest.username, newest.changed) == (bo, "bo", ["milestones"])
    assert newest.content["rows"]["milestones"][0]["kind"] == "won"
    assert (middle.by, middle.content["fields"]["outcome"]) == (bo, "They stop.")
    assert middle.changed == ["outcome", "outcome_day"]
    # What stood there before anything was kept can come back, too.
    assert (first.by, first.content["fields"]["outcome"]) == (None, "")


def test_saving_what_it_says_already_makes_no_version(client):
    campaign = make_campaign(call_for_action="One\n\nTwo")

    fill_in(client, change_page(CAMPAIGNS, campaign))

    assert len(versions_of(campaign)) == 1  # as it was found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("campaigns/campaign", "outcome"),
        ("campaigns/update", "title"),
        ("petitions/petition", "ask"),
        ("letters/suggestedletter", "subject"),
        ("letters/recipientlist", "name"),
    ],
)
def test_every_text_of_campaigners_has_its_versions(client, path, name):
    row = {
        "campaigns/campaign": make_campaign,
        "campaigns/update": make_update,
        "petitions/petition": make_petition,
        "letters/suggestedletter": make_letter,
        "letters/recipientlist": make_recipients,
    }[path]()

    fill_in(client, f"/admin/{path}/{row.pk}/change/", **{name: "New words"})

    page = client.get(f"/admin/{path}/{row.pk}/history/")
    assert len(versions_of(row)) == 2
    assert "Changes" in page.text
    assert "Restore" in page.text


def test_two_versions_are_compared_word_by_word(client):
    campaign = make_campaign(
        story="<h2>The farm</h2><p>Two hundred <strong>foxes</strong> live here.</p>"
        "<p>Same.</p><p>Same.</p><p>Same.</p>"
    )
    Version.objects.note(campaign)
    campaign.story = campaign.story.replace("hundred", "thousand")
    campaign.save()
    Version.objects.note(campaign)
    new, old = versions_of(campaign)

    path = f"{CAMPAIGNS}{campaign.pk}/versions/?from={old.pk}&to={new.pk}"
    page = client.get(path).text

    removed = '<del><span class="visually-hidden"> [removed: </span>hundred'
    assert removed in page
    assert '<span class="visually-hidden"> [added: </span>thousand' in page
    assert "foxes live here." in page
    assert "Heading:" in page
    assert "2 more lines, the same in both" in page
    assert "<h2>Story</h2>" in page
    assert "<h2>Title</h2>" not in page


def html_of(old, new):
    lines = changes(old, new, is_rich=True)
    unseen = re.compile(r'<span class="visually-hidden">[^<]*</span>')
    return "\n".join(unseen.sub("", line.html) for line in lines)


def test_what_a_line_is_is_compared_too():
    assert html_of("<p>The farm</p>", "<h2>The farm</h2>") == (
        "<ins>Heading: </ins>The farm"
    )
    assert html_of("<p>To the end</p>", "<p>To the very  end of it.</p>") == (
        "To the <ins>very </ins>end<ins> of it.</ins>"
    )
    assert html_of("<p>To the end of it</p>", "<p>To  the end</p>") == (
        "To the end<del> of it</del>"
    )
    assert html_of("<p>All of them</p>", "<p>Nobody</p>") == (
        "<del>All of them</del>\n<ins>Nobody</ins>"
    )


def test_what_is_bold_now_is_a_difference(client):
    campaign = make_campaign(story="<p>So many foxes</p>")
    Version.objects.note(campaign)
    [old] = versions_of(campaign)
    campaign.story = "<p>So <strong>many</strong> foxes</p>"
    campaign.save()

    page = client.get(f"{CAMPAIGNS}{campaign.pk}/versions/?from={old.pk}").text

    assert "strong" in page.partition("<h2>Story</h2>")[2]


def test_a_version_is_restored_with_its_rows_and_is_a_new_one(client, bo):
    letter = make_letter()
    kept = make_meeting(letter, name="Council")
    path = change_page(LETTERS, letter)
    fill_in(client, path, subject="Worse words")
    letter.meetings.all().delete()
    make_meeting(letter, name="Another")
    fill_in(client, path, subject="Even worse")
    old = versions_of(letter)[-1]
    restoration = f"{LETTERS}{letter.pk}/versions/{old.pk}/restoration/"

    asked = client.get(restoration)
    letter.refresh_from_db()
    assert letter.subject == "Even worse"
    done = client.post(restoration, fields_of(asked))

    letter.refresh_from_db()
    newest = versions_of(letter)[0]
    assert done.status_code == 302
    assert letter.subject == "Please help"
    assert [(m.pk, m.name) for m in letter.meetings.all()] == [(kept.pk, "Council")]
    assert (newest.by, newest.restored_at) == (bo, old.at)


def test_what_does_not_fit_any_more_is_not_restored(client):
    letter = make_letter()
    Version.objects.note(letter)
    old = versions_of(letter)[0]
    old.content["fields"]["body"] = "No place for a name."
    old.save()
    fill_in(client, change_page(LETTERS, letter), subject="Other words")
    restoration = f"{LETTERS}{letter.pk}/versions/{old.pk}/restoration/"

    page = client.post(restoration, fields_of(client.get(restoration)))

    letter.refresh_from_db()
    assert page.status_code == 422
    assert "Nothing has been restored." in page.text
    assert "Letter: " in page.text
    assert letter.subject == "Other words"


def test_a_version_with_a_list_that_its_editor_does_not_see_is_not_restored(client):
    theirs = make_recipients(1, name="Council of others")
    letter = make_letter(recipients=theirs)
    Version.objects.note(letter)
    mine = make_recipients(2, name="Our council")
    fill_in(client, change_page(LETTERS, letter), recipient_list=str(mine.pk))
    old = versions_of(letter)[-1]
    restoration = f"{LETTERS}{letter.pk}/versions/{old.pk}/restoration/"
    group = Group.objects.get(name="Campaigners")
    ed = make_staff("ed")
    CampaignRole.objects.create(user=ed, group=group, campaign=letter.campaign)
    client.force_login(ed)

    page = client.post(restoration, fields_of(client.get(restoration)))

    letter.refresh_from_db()
    assert page.status_code == 422
    assert "Recipients: this version names something that you cannot see" in page.text
    assert letter.recipient_list == mine

    client.force_login(make_staff("ann", "Campaigners"))
    client.post(restoration, fields_of(client.get(restoration)))
    letter.refresh_from_db()
    assert letter.recipient_list == theirs


def test_restoring_leaves_when_the_page_is_published(client):
    campaign = make_campaign(published_at=None)
    Version.objects.note(campaign)
    campaign.title = "New"
    campaign.publish()
    campaign.save()
    old = versions_of(campaign)[-1]
    restoration = f"{CAMPAIGNS}{campaign.pk}/versions/{old.pk}/restoration/"

    client.post(restoration, fields_of(client.get(restoration)))

    campaign.refresh_from_db()
    assert campaign.title == "Campaign 1"
    assert campaign.is_published


def test_restoring_a_list_keeps_who_is_on_it(client):
    recipients = make_recipients(2)
    Version.objects.note(recipients)
    fill_in(client, change_page(LISTS, recipients), addressed_as="everybody")
    Recipient.objects.create(list=recipients, office="Clerk", email="c@council.example")
    old = versions_of(recipients)[-1]
    restoration = f"{LISTS}{recipients.pk}/versions/{old.pk}/restoration/"

    client.post(restoration, fields_of(client.get(restoration)))

    recipients.refresh_from_db()
    assert recipients.addressed_as == "the Mayor and the Council"
    assert recipients.recipients.count() == 3


def test_who_saves_second_is_asked_and_loses_nothing(client):
    campaign = make_campaign(outcome="The council helps.", outcome_day=DAY)
    path = change_page(CAMPAIGNS, campaign)
    mine = fields_of(client.get(path))
    ana = make_staff("ana", "Campaigners")
    client.force_login(ana)
    fill_in(client, path, outcome="The council acts now.")
    client.force_login(make_staff("cleo", "Campaigners"))

    mine |= {"outcome": "The mayor helps.\r\n\r\nThe end.", "outcome_url": SOURCE}
    asked = client.post(path, mine)

    campaign.refresh_from_db()
    assert asked.status_code == 409
    assert campaign.outcome == "The council acts now."
    assert "ana saved this on" in asked.text
    assert "[removed: </span>council" in asked.text
    assert "[added: </span>mayor" in asked.text
    assert "is saved." not in asked.text
    assert len(versions_of(campaign)) == 2
    again = fields_of(asked)
    kept = {name: value for name, value in mine.items() if "csrf" not in name}
    # Browsers send line feeds of a text area as CRLF, whatever is in the page.
    again["outcome"] = again["outcome"].replace("\n", "\r\n")
    assert {**again, "began": ""} == {**kept, "began": "", **csrf(again)}

    saved = client.post(path, again)

    campaign.refresh_from_db()
    assert saved.status_code == 302
    assert campaign.outcome.split() == ["The", "mayor", "helps.", "The", "end."]
    assert campaign.outcome_url == SOURCE
    newest, theirs, _found = versions_of(campaign)
    assert (newest.username, theirs.username) == ("cleo", "ana")


def csrf(fields):
    return {name: value for name, value in fields.items() if "csrf" in name}


def test_who_saves_what_was_deleted_meanwhile_loses_nothing(client):
    campaign = make_campaign()
    path = change_page(CAMPAIGNS, campaign)
    mine = fields_of(client.get(path)) | {"outcome": "My words"}
    client.post(f"{CAMPAIGNS}{campaign.pk}/delete/", {"post": "yes"})

    asked = client.post(path, mine)

    assert asked.status_code == 409
    assert "bo deleted this on" in asked.text
    assert fields_of(asked)["outcome"] == "My words"


def test_moderators_see_no_versions_and_restore_none(client):
    campaign = make_campaign()
    fill_in(client, change_page(CAMPAIGNS, campaign), outcome="New")
    old = versions_of(campaign)[-1]
    client.force_login(make_staff("cy", "Moderators"))
    start = f"{CAMPAIGNS}{campaign.pk}/"

    assert "Restore" not in client.get(f"{start}history/").text
    assert client.get(f"{start}versions/?from={old.pk}").status_code == 403
    restoration = f"{start}versions/{old.pk}/restoration/"
    assert client.post(restoration, {"began": "x"}).status_code == 403


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "\u0663", "-1"])
def test_a_version_that_is_none_is_not_found(client, number):
    campaign = make_campaign()
    other = make_campaign()
    Version.objects.note(other)
    [foreign] = versions_of(other)
    start = f"{CAMPAIGNS}{campaign.pk}/versions/"

    assert client.get(start, {"from": number}).status_code == 404
    assert client.get(start, {"from": foreign.pk}).status_code == 404
    assert client.post(f"{start}{foreign.pk}/restoration/").status_code == 404


def test_of_many_versions_old_ones_go(settings, time_machine):
    settings.KEEP_VERSIONS = 30
    campaign = make_campaign()
    for number in range(40):
        Campaign.objects.update(title=f"Title {number}")
        Version.objects.note(campaign)

    assert len(versions_of(campaign)) == 30
    time_machine.move_to(timezone.now() + timedelta(days=366))
    call_command("forget")
    assert [v.content["fields"]["title"] for v in versions_of(campaign)] == ["Title 39"]


def test_rows_that_a_form_makes_anew_are_the_same_rows(client):
    campaign = make_campaign()
    campaign.readings.create(title="Read this", url="https://a.example/")
    campaign.readings.create(title="And this")
    Version.objects.note(campaign)
    rows = list(campaign.readings.values("title", "url", "order"))
    campaign.readings.all().delete()
    for row in rows:
        campaign.readings.create(**row)
    assert Version.objects.note(campaign) is None
    campaign.readings.filter(title="Read this").update(url="https://b.example/")
    Version.objects.note(campaign)
    new, old = versions_of(campaign)

    path = f"{CAMPAIGNS}{campaign.pk}/versions/?from={old.pk}&to={new.pk}"
    page = client.get(path).text

    assert page.count('class="version-difference"') == 1
    assert "Background reading “Read this”</h2>" in page
