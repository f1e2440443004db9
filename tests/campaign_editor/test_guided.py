"""Bo fills in the guided form: half, wrong, whole."""

import re

import pytest

from campaign_editor.models import UnsavedForm
from campaigns.models import Campaign
from letters.models import SuggestedLetter
from tests.campaign_editor.forms import (
    COPY,
    LETTER,
    NEW,
    WHOLE,
    make,
    missing,
    page_of,
    press,
    refused,
    said,
    send,
)
from tests.factories import make_petition, make_staff
from tests.factories import sign as make_signature
from tests.hostile import MARKUP, VALUES, as_read
from tests.staff.forms import fields_of
from versions.models import Deleted, Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bo")]


def test_an_empty_form_is_a_draft_and_says_what_it_lacks(client):
    answer = send(client)

    campaign = Campaign.objects.get()
    assert "Saved as a draft." in said(answer)
    assert missing(answer) == ["title", "summary", "story", "petition-ask"]
    assert all(f'href="#id_{field}"' in answer.text for field in missing(answer))
    assert all(f'id="id_{field}"' in answer.text for field in missing(answer))
    assert not campaign.is_published
    assert "Draft without a title" in client.get("/admin/campaigns/campaign/").text


def test_a_draft_is_saved_half_and_finished_later(client):
    campaign = make(client, title="Save the foxes")
    assert campaign.slug == "save-the-foxes"

    send(client, page_of(campaign), summary="Ask.", title="Foxes")

    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == ("Foxes", "Ask.")
    assert campaign.slug == "save-the-foxes"


def open_folds(page):
    """The names of the folds that are open."""
    fold = r'<details class="guide-more"[^>]* open>\s*<summary>(.*?)</summary>'
    return re.findall(fold, page)


def test_what_is_not_wanted_yet_is_folded_and_opens_when_it_holds_something(client):
    campaign = make(client, comments="on", **WHOLE)
    assert open_folds(client.get(page_of(campaign)).text) == []

    # Two rows with a fault, and a setting that was changed.
    wrong = {"reading-0-url": "https://a.example", "story-picture-0-caption": "Foxes"}
    filled = send(client, page_of(campaign), comments="", **wrong).text

    names = ["Pictures and videos in the story", "Background reading", "Comments"]
    assert open_folds(filled) == names


def test_what_is_wrong_is_said_at_the_field_and_in_a_list_that_leads_there(client):
    wrong = {
        "title": "x" * 161,
        "slug": "Not a slug!",
        "closes": "2020-01-01T10:00",
        "event_ends": "2026-05-01",
        "letter-subject": "Help [me]",
        "reading-0-url": "ftp//nowhere",
        "letter-lines": "Mayor, mayor@",
    }
    page = send(client, summary="Good.", **wrong)

    assert not Campaign.objects.exists()
    assert all(value in page.text for value in wrong.values())
    assert page.text.count("must close after it opens") == 2
    assert set(refused(page)) == set(wrong) | {"reading-0-title"}

    right = dict.fromkeys(wrong, "") | {"closes": "2999-01-01T10:00"}
    answer = send(client, **(right | {"title": "Foxes"}))
    assert not UnsavedForm.objects.exists()
    assert missing(answer) == ["story", "petition-ask"]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"gone": ["x"], "title": [], "closes": ["x", "y"]},
        {"reading-TOTAL_FORMS": ["x"], "letter-lines": ["Mayor, mayor@"]},
        {"letter-recipients": ["999999"], "timezone": ["Mars"]},
        {"story-picture-TOTAL_FORMS": ["2"], "story-picture-0-is_stored": ["True"]},
    ],
)
def test_a_kept_form_that_no_form_of_today_has_sent_breaks_no_page(client, bo, typed):
    campaign = make(client, title="Foxes")
    UnsavedForm.objects.create(campaign=campaign, user=bo, typed=typed)

    assert client.get(page_of(campaign)).status_code == 200
    answer = send(client, page_of(campaign), summary="Ask.")
    assert answer.status_code in (200, 422)
    assert "Ask." in answer.text


def test_the_sentence_that_people_have_signed_stays(client):
    petition = make_petition(title="Foxes", slug="foxes")
    make_signature(petition)
    Campaign.objects.update(published_at=None)

    page = send(client, page_of(petition.campaign), **{"petition-ask": ""})

    assert "People have signed this sentence" in page.text
    petition.refresh_from_db()
    assert petition.ask


def test_dates_that_contradict_what_is_stored_break_nothing(client):
    campaign = make(
        client,
        opens="2999-01-01T10:00",
        closes="2999-02-01T10:00",
        event_starts="2999-01-01",
        event_ends="2999-01-05",
    )

    changes = {"opens": "2999-03-01T10:00", "closes": "2999-02-01T11:00"}
    event = {"event_starts": "2999-01-10", "event_ends": "2999-01-08"}
    page = send(client, page_of(campaign), **changes, **event)

    assert {"closes", "event_ends"} == set(refused(page))
    assert 'value="2999-02-01T11:00"' in page.text
    preview = client.post(f"{page_of(campaign)}preview/", fields_of(page))
    assert preview.status_code == 200


@pytest.mark.parametrize("value", VALUES)
def test_anything_typed_anywhere_is_a_draft_or_a_clear_page(client, value):
    typed = as_read(VALUES[value])
    texts = ("title", "slug", "summary", "story", "timezone", "closes", "event_starts")
    parts = ("petition-ask", "letter-body", "letter-recipients")
    rows = ("reading-0-url", "letter-lines")
    counts = dict.fromkeys(("reading-TOTAL_FORMS", "reading-INITIAL_FORMS"), typed)

    answer = client.post(
        NEW, {**dict.fromkeys((*texts, *parts, *rows), typed), **counts}, follow=True
    )

    assert answer.status_code in (200, 400, 413, 422)
    assert MARKUP not in answer.text
    assert "Traceback" not in answer.text
    assert client.get(NEW).status_code == 200
    for campaign in Campaign.objects.all():
        assert client.get(page_of(campaign)).status_code == 200


def test_who_may_not_do_all_of_it_does_not_get_the_form(client):
    campaign = make(client, title="Foxes")
    client.force_login(make_staff("cy", "Moderators"))

    for path in (NEW, page_of(campaign)):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    assert client.post(COPY, {"campaign": campaign.pk}).status_code == 403
    client.logout()
    assert client.get(NEW).status_code == 302


def test_each_save_is_a_version_and_one_that_changes_nothing_is_none(client, bo):
    campaign = make(client, **WHOLE, **LETTER, **{"reading-0-title": "Report"})
    letter = SuggestedLetter.objects.get(campaign=campaign)
    texts = [campaign, campaign.petition, letter]
    assert [Version.objects.of(text).count() for text in texts] == [1, 1, 1]

    press(client, page_of(campaign))
    assert [Version.objects.of(text).count() for text in texts] == [1, 1, 1]

    press(client, page_of(campaign), summary="Another summary.")
    assert [Version.objects.of(text).count() for text in texts] == [2, 1, 1]
    newest = Version.objects.of(campaign).first()
    assert (newest.by, newest.changed) == (bo, ["summary"])


def test_who_saves_second_is_asked_and_keeps_what_they_typed(client):
    campaign = make(client, **WHOLE)
    began = client.get(page_of(campaign)).context["guide"].began
    press(client, page_of(campaign), summary="Hers.")

    answer = send(client, page_of(campaign), title="Mine & yours", began=began)

    assert answer.status_code == 409
    assert "You have saved this campaign in another window" in answer.text
    assert 'value="Mine &amp; yours"' in answer.text
    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == (WHOLE["title"], "Hers.")

    again = answer.context["guide"].began
    press(client, page_of(campaign), title="Mine & yours", began=again)
    campaign.refresh_from_db()
    assert campaign.title == "Mine & yours"


def test_a_deleted_campaign_has_no_form_and_no_draft_link(client, bo):
    campaign = make(client, **WHOLE, link="1")
    campaign.refresh_from_db()
    draft = campaign.draft_url
    assert client.get(draft).status_code == 200

    Deleted.objects.put(campaign, by=bo)

    assert client.get(page_of(campaign)).status_code == 404
    assert client.post(page_of(campaign), {"title": "Back"}).status_code == 404
    assert client.post(COPY, {"campaign": campaign.pk}).status_code == 404
    assert client.get(draft).status_code in (404, 410)
