"""What Bo types is kept while Bo types, and two windows do not overwrite each other."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from campaign_editor.models import UnsavedForm
from campaign_editor.views import locked
from campaigns.models import Campaign
from letters.models import SuggestedLetter
from petitions.models import Petition
from tests.campaign_editor.forms import (
    LETTER,
    NEW,
    WHOLE,
    make,
    page_of,
    press,
    refused,
    send,
)
from tests.campaign_editor.test_story_pictures import photo
from tests.comments.test_once import is_waited_for
from tests.factories import make_counted, make_petition, make_staff
from tests.staff.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bo(client, media):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def keep(client, page, fields, **changes):
    """Have it kept, as the page's script does; returns the fields of that window."""
    answer = client.post(f"{page}unsaved/", fields | changes)
    assert answer.status_code == 200
    sent = {name: value for name, value in changes.items() if isinstance(value, str)}
    return fields | sent | answer.json()["filled"]


def test_what_is_typed_is_there_again_for_who_typed_it_and_is_not_saved(client, bo):
    press(client, button="publish", **WHOLE)
    campaign = Campaign.objects.get()
    page = page_of(campaign)
    opened = fields_of(client.get(page))

    keep(client, page, opened, title="Red foxes", closes="2020-01-01T10:00")

    again = client.get(page)
    assert "You typed this until" in again.text
    assert fields_of(again)["title"] == "Red foxes"
    assert fields_of(again)["closes"] == "2020-01-01T10:00"
    campaign.refresh_from_db()
    assert campaign.title == WHOLE["title"]
    client.force_login(make_staff("cy", "Campaigners"))
    assert fields_of(client.get(page))["title"] == WHOLE["title"]

    client.force_login(bo)
    saved = client.post(page, fields_of(client.get(page)) | {"closes": "", "save": ""})
    assert saved.status_code == 302
    campaign.refresh_from_db()
    assert campaign.title == "Red foxes"
    assert not UnsavedForm.objects.exists()


def test_a_name_that_no_field_has_breaks_nothing(client):
    page = page_of(make(client, title="Foxes"))

    keep(client, page, fields_of(client.get(page)), **{"a\0b": "c\0d", "title": "Owls"})

    assert fields_of(client.get(page))["title"] == "Owls"


@pytest.mark.django_db(transaction=True)
def test_nobody_who_signs_waits_for_a_form_that_is_kept_or_looked_at():
    petition = make_petition()

    def signed():
        try:
            make_counted(petition)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        locked(petition.campaign_id)
        other.submit(signed).result(timeout=300)

    assert petition.signatures.counted().count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_another_reads_what_the_other_has_saved(client):
    campaign = make(client, **WHOLE, **LETTER)

    def read():
        try:
            with transaction.atomic():
                found = locked(campaign.pk)
                return found.petition.ask, found.letter.subject
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic(), connection.cursor() as cursor:
            locked(campaign.pk)
            answer = other.submit(read)
            while not (answer.done() or is_waited_for(cursor)):
                pass
            Petition.objects.update(ask="I ask for owls.")
            SuggestedLetter.objects.update(subject="Owls")
        assert answer.result(timeout=300) == ("I ask for owls.", "Owls")


def test_it_can_be_discarded(client):
    page = page_of(make(client, title="Foxes"))
    keep(client, page, fields_of(client.get(page)), title="Owls")

    client.post(page, fields_of(client.get(page)) | {"discard": ""})

    assert fields_of(client.get(page))["title"] == "Foxes"
    assert not UnsavedForm.objects.exists()


def test_what_nobody_goes_on_with_is_deleted_and_what_was_saved_stays(
    client, bo, settings, time_machine
):
    settings.KEEP_FORMS_DAYS = 20
    page = page_of(make(client, title="Foxes"))
    press(client, page, **{"letter-lines": "mayor@council.example, x y"})

    def days_on(days):
        time_machine.move_to(timezone.now() + timedelta(days=days))
        call_command("forget", stdout=io.StringIO())
        client.force_login(bo)

    days_on(15)
    keep(client, page, fields_of(client.get(page)), title="Owls")
    days_on(15)
    assert fields_of(client.get(page))["title"] == "Owls"
    keep(client, page, fields_of(client.get(page)), title="Bears")
    days_on(15)
    assert fields_of(client.get(page))["title"] == "Bears"
    days_on(6)

    assert not UnsavedForm.objects.exists()
    assert fields_of(client.get(page))["title"] == "Foxes"
    assert "mayor@council.example" not in client.get(page).text


def test_a_new_campaign_is_no_draft_before_it_is_saved(client, bo):
    fields = keep(client, NEW, fields_of(client.get(NEW)), title="Save the fo\x00")
    fields = keep(client, NEW, fields, title="Save the foxes", **photo(0))
    assert not Campaign.objects.exists()

    # The window is lost, and the next one begins where it was, for nobody else.
    again = client.get(f"{NEW}?template=council")
    assert "You typed this until" in again.text
    assert fields_of(again)["title"] == "Save the foxes"
    assert "We kept “fox.png”." in again.text
    client.force_login(make_staff("cy", "Campaigners"))
    assert fields_of(client.get(NEW))["title"] == ""

    client.force_login(bo)
    sent = fields_of(again) | {FILM_WORDS: "A fox", "save": ""}
    assert client.post(NEW, sent).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.title, campaign.slug) == ("Save the foxes", "save-the-foxes")
    assert campaign.story_pictures.get().picture_alt == "A fox"
    assert fields_of(client.get(NEW))["title"] == ""


def test_a_new_campaign_that_nobody_wants_is_discarded(client):
    fields = keep(client, NEW, fields_of(client.get(NEW)), title="Foxes")

    assert client.post(NEW, fields | {"discard": ""}).url == NEW

    assert fields_of(client.get(NEW))["title"] == ""
    assert not Campaign.objects.exists()


def test_two_new_campaigns_in_two_windows_are_two(client):
    first, second = [fields_of(client.get(NEW)) for _window in range(2)]
    first = keep(client, NEW, first, title="Foxes")
    assert client.post(f"{NEW}unsaved/", second | {"title": "Owls"}).status_code == 409

    client.post(NEW, second | {"title": "Owls", "save": ""})

    assert Campaign.objects.get().title == "Owls"
    assert fields_of(client.get(NEW))["title"] == "Foxes"
    client.post(NEW, first | {"save": ""})
    assert Campaign.objects.count() == 2
    assert not UnsavedForm.objects.exists()


# What cannot be used, in each part of the form.
WRONG = {
    "title": "x" * 161,
    "closes": "2020-01-01T10:00",
    "petition-ask": "x" * 1000,
    "letter-subject": "Help [me]",
    "reading-1-url": "ftp//nowhere",
    "letter-lines": "Mayor, mayor@",
    "story-picture-0-caption": "Their den",
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_form_with_a_fault_stores_nothing_and_is_there_again(
    client, bo, name, is_new
):
    """As without a script: only the button sends the form."""
    page = NEW if is_new else page_of(make(client))
    wrong = {"summary": "Ask.", name: WRONG[name]}

    answer = send(client, page, files={"new_picture": photo_file()}, **wrong)

    assert answer.status_code == 422
    assert "We have not saved it yet." in answer.text
    assert "picture_alt" in refused(answer)
    assert all(f'href="#id_{field}"' in answer.text for field in refused(answer))
    assert all(f'id="id_{field}"' in answer.text for field in refused(answer))
    assert not Campaign.objects.exclude(summary="").exists()
    again = client.get(page)
    assert fields_of(again)["summary"] == "Ask."
    assert fields_of(again)[name].strip() == WRONG[name]
    assert "We kept “fox.png”." in again.text
    client.force_login(make_staff("cy", "Campaigners"))
    assert fields_of(client.get(page))["summary"] == ""

    client.force_login(bo)
    right = {"save": "", "picture_alt": "A fox", name: ""}
    assert client.post(page, fields_of(again) | right).status_code == 302
    assert Campaign.objects.get().summary == "Ask."
    assert not UnsavedForm.objects.exists()


def test_a_form_that_a_published_campaign_refuses_is_there_again(client):
    press(client, button="publish", **WHOLE)
    page = page_of(Campaign.objects.get())
    sent = fields_of(client.get(page)) | {"summary": "New.", "title": ""}

    refused = client.post(page, sent | {"save": "", **photo(0)})

    assert refused.status_code == 422
    assert Campaign.objects.get().summary == WHOLE["summary"]
    again = client.get(page)
    assert "You typed this until" in again.text
    assert fields_of(again)["summary"] == "New."
    assert fields_of(again)["title"] == ""
    assert "We kept “fox.png”." in again.text


def test_a_file_that_is_no_picture_is_said_though_it_does_not_come_back(client):
    page = page_of(make(client, **WHOLE))
    file = photo(0, b"<svg/>")["story-picture-0-new_picture"]

    answer = send(client, page, files={"new_picture": file}, picture_alt="A fox")

    assert "Picture: " in answer.text
    assert "We kept" not in client.get(page).text


def test_a_colleague_s_faults_keep_nobody_from_publishing(client):
    page = page_of(make(client, **WHOLE))
    press(client, page, **{"reading-0-url": "ftp//nowhere"})

    client.force_login(make_staff("cy", "Campaigners"))
    press(client, page, button="publish")

    assert Campaign.objects.get().is_published


def test_who_publishes_puts_right_what_they_typed_first(client):
    page = page_of(make(client, **WHOLE))

    press(client, page, "publish", **{"reading-0-url": "ftp//nowhere"})

    assert not Campaign.objects.get().is_published
    client.post(page, fields_of(client.get(page)) | {"publish": ""})
    assert not Campaign.objects.get().is_published


def test_what_was_typed_goes_with_its_campaign_and_with_its_writer(client, bo):
    page = page_of(make(client, title="Foxes"))
    keep(client, page, fields_of(client.get(page)), title="Bears")
    keep(client, NEW, fields_of(client.get(NEW)), title="Owls")

    Campaign.objects.get().delete()
    assert UnsavedForm.objects.get().as_sent()["title"] == "Owls"
    bo.delete()
    assert not UnsavedForm.objects.exists()


def photo_file():
    return photo(0)["story-picture-0-new_picture"]


def test_a_file_is_sent_once_and_is_kept_with_the_form(client):
    page = page_of(make(client, title="Foxes"))

    keep(client, page, fields_of(client.get(page)), **photo(0))

    again = client.get(page)
    assert "We kept “fox.png”." in again.text
    client.post(page, fields_of(again) | {FILM_WORDS: "A fox", "save": ""})
    assert Campaign.objects.get().story_pictures.get().picture_alt == "A fox"


FILM_WORDS = "story-picture-0-picture_alt"


def test_two_windows_of_one_person_ask_before_one_replaces_the_other(client):
    campaign = make(client, title="Foxes")
    page = page_of(campaign)
    first, second = [fields_of(client.get(page)) for _window in range(2)]
    first = keep(client, page, first, title="Owls")

    kept = client.post(f"{page}unsaved/", second | {"title": "Bears"})
    assert kept.status_code == 409
    assert "in another window" in kept.json()["why"]
    asked = client.post(page, second | {"title": "Bears", "save": ""})
    assert asked.status_code == 409
    assert fields_of(asked)["title"] == "Bears"
    assert fields_of(client.get(page))["title"] == "Owls"
    client.post(page, fields_of(asked) | {"save": ""})

    campaign.refresh_from_db()
    assert campaign.title == "Bears"
    assert client.post(f"{page}unsaved/", first).status_code == 409


# What somebody saves meanwhile, and what the other window sends then.
MEANWHILE = [
    ({"story-picture-0-caption": "Hers"}, {"story-picture-0-caption": "Mine"}),
    ({"reading-0-title": "Hers"}, {"reading-0-title": "Mine"}),
    ({"closes": "2999-01-01T10:00"}, {"closes": "2999-01-02T10:00"}),
    ({"reading-0-url": "x y"}, {"title": "Mine"}),
    ({"comments": "on"}, {"summary": "Mine"}),
]


def test_nothing_that_the_form_holds_is_overwritten_unasked(client, subtests):
    campaign = make(client, **WHOLE, files=photo(0), **{FILM_WORDS: "A fox"})
    page = page_of(campaign)
    for hers, mine in MEANWHILE:
        with subtests.test(str(hers)):
            opened = fields_of(client.get(page))
            client.post(page, opened | hers)

            asked = client.post(page, opened | mine)

            assert asked.status_code == 409
            [(name, value)] = mine.items()
            assert fields_of(asked)[name].strip() == value


def test_what_was_typed_before_somebody_else_saved_says_so(client, bo):
    page = page_of(make(client, title="Foxes"))
    keep(client, page, fields_of(client.get(page)), title="Owls")
    client.force_login(make_staff("cy", "Campaigners"))
    press(client, page, summary="Ask.")

    client.force_login(bo)
    again = client.get(page)

    assert "Somebody else has saved this campaign since" in again.text
    assert fields_of(again)["title"] == "Owls"
    assert "discard" in again.text


def test_only_who_may_edit_has_something_kept_and_only_by_posting(client):
    page = page_of(make(client, title="Foxes"))
    for path in (f"{page}unsaved/", f"{NEW}unsaved/"):
        assert client.get(path).status_code == 405
    client.force_login(make_staff("cy", "Moderators"))

    for path in (f"{page}unsaved/", f"{NEW}unsaved/"):
        assert client.post(path).status_code == 403
    assert Campaign.objects.count() == 1
