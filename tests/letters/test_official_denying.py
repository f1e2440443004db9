""" "This was not me" in the mails that let an official in, or ask at a new address."""

from datetime import timedelta

import pytest
from django.urls import clear_url_caches
from django.utils import timezone

from letters.models import AddressCorrection, Recipient
from outbox.models import Suppression
from staff.models import Alert
from supporters.models import RetentionRun
from tests.answers import new_browser
from tests.factories import make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(mailbox):
    make_letter()
    return Recipient.objects.get(email="ward1@council.example")


def ask(official):
    """Press the button under a letter, as anybody can who has been forwarded one."""
    path = official.page_url.removeprefix("http://testserver")
    return new_browser().post(path, follow=True)


@pytest.fixture
def mailed(official, mailbox, work):
    """The paths of the two links in the mail: to open the page, and to deny it."""
    ask(official)
    work()
    opening = mailbox.newest_path("/officials/opening/")
    return opening, mailbox.newest_path("/officials/denial/")


def test_opening_the_page_ends_nothing_and_its_button_ends_the_link(client, mailed):
    opening, denial = mailed

    page = client.get(denial)
    client.head(denial)
    assert "<h1>Was this not you?</h1>" in page.text
    assert client.get(opening).status_code == 200
    done = client.post(denial, follow=True)

    assert "<h1>This link no longer works</h1>" in done.text
    for answer in (client.get(opening), client.post(opening)):
        assert answer.status_code == 410
        assert "pressed “This was not me”. So this link no longer" in answer.text


def test_no_other_one_comes_for_a_day_and_who_asks_reads_the_same(  # noqa: PLR0917
    client, official, mailed, mailbox, work, time_machine
):
    before = ask(official).text
    work()
    client.post(mailbox.newest_path("/officials/denial/"))
    mailbox.clear()

    assert ask(official).text == before
    assert "Then no link comes for a day." in before
    work()
    assert mailbox.messages == []

    time_machine.move_to(timezone.now() + timedelta(hours=25))
    ask(official)
    work()
    assert [mail["To"] for mail in mailbox.messages] == ["ward1@council.example"]


def test_undone_it_opens_and_others_come(client, official, mailed, mailbox, work):
    opening, denial = mailed
    client.post(denial)

    undone = client.post(denial, {"undo": ""}, follow=True)
    assert undone.redirect_chain[-1][0] == denial
    assert opening not in undone.text
    mailbox.clear()
    ask(official)
    work()

    assert len(mailbox.messages) == 1
    assert client.post(opening).status_code == 302
    assert not Suppression.objects.exists()


def test_what_was_opened_can_be_denied_no_more(client, mailed):
    opening, denial = mailed
    client.post(opening)

    for answer in (client.get(denial), client.post(denial)):
        assert answer.status_code == 410
        assert "Somebody has already used the link in this email." in answer.text
        assert "mailto:" in answer.text
    assert not Suppression.objects.exists()


def test_a_new_address_that_is_denied_changes_nothing(client, official, mailbox, work):
    AddressCorrection.objects.request(official, "hall@council.example")
    work()
    address = mailbox.newest_path("/officials/address/")

    client.post(mailbox.newest_path("/officials/denial/"))

    assert client.get(address).status_code == client.post(address).status_code == 410
    official.refresh_from_db()
    assert official.email == "ward1@council.example"
    mailbox.clear()
    AddressCorrection.objects.request(official, "hall@council.example")
    work()
    assert [mail["To"] for mail in mailbox.messages] == ["ward1@council.example"]


def test_a_key_of_nobody_opens_nothing(client):
    for answer in (client.get, client.post):
        assert answer("/officials/denial/nobody/").status_code == 410


@pytest.fixture
def typed(official, mailbox, work):
    """Somebody in the official's page has typed an address; the paths that were mailed.

    They are the page that is open, the link to the new mailbox, and that to the old.
    """
    ask(official)
    work()
    here = new_browser()
    page = here.post(mailbox.newest_path("/officials/opening/")).url
    here.post(f"{page}address/", {"email": "hall@council.example"})
    work()
    address = mailbox.newest_path("/officials/address/")
    return here, page, address, mailbox.newest_path("/officials/objection/")


def goes_to(official):
    official.refresh_from_db()
    return official.email


def test_who_reads_the_old_mailbox_stops_a_new_address(client, official, typed):
    here, page, address, objection = typed

    shown = client.get(objection)
    client.head(objection)
    assert "hall@council.example</strong> as the new address" in shown.text
    assert client.get(address).status_code == here.get(page).status_code == 200
    done = client.post(objection)

    assert "<h1>Your address is as before</h1>" in done.text
    assert "ward1@council.example" in done.text
    assert "how you get letters" not in done.text
    for answer in (client.get(address), client.post(address), here.get(page)):
        assert answer.status_code == 410
    assert client.get(objection).status_code == client.post(objection).status_code
    assert client.post(objection).status_code == 410
    assert goes_to(official) == "ward1@council.example"
    assert "this was not me" in Alert.objects.get().words


def test_what_was_confirmed_elsewhere_is_taken_back(
    client, official, typed, mailbox, work
):
    _here, _page, address, objection = typed
    client.post(address)
    there = new_browser()
    ask(official)
    work()
    there.post(mailbox.newest_path("/officials/opening/"))
    assert goes_to(official) == "hall@council.example"
    assert mailbox.newest_path("/officials/objection/") == objection

    assert client.post(objection).status_code == 200

    assert goes_to(official) == "ward1@council.example"
    assert not official.visits.exists()
    assert Alert.objects.count() == 2
    assert client.post(address).status_code == 410


def test_who_was_away_for_a_week_takes_it_back(client, official, typed, time_machine):
    _here, _page, address, objection = typed
    client.post(address)

    time_machine.move_to(timezone.now() + timedelta(days=13))
    RetentionRun.run()
    assert client.post(objection).status_code == 200
    assert goes_to(official) == "ward1@council.example"

    time_machine.move_to(timezone.now() + timedelta(days=2))
    RetentionRun.run()
    late = client.get(objection)
    assert late.status_code == 410
    assert "for 14 days" in late.text


@pytest.mark.parametrize(
    "since",
    [
        {"email": "third@council.example"},
        {"left_office_on": "2026-01-01"},
    ],
)
def test_who_objects_too_late_changes_nothing(client, official, typed, since):
    _here, _page, address, objection = typed
    client.post(address)
    Recipient.objects.filter(pk=official.pk).update(**since)
    before = goes_to(official)

    for answer in (client.get(objection), client.post(objection)):
        assert answer.status_code == 410
        assert "mailto:" in answer.text
    assert goes_to(official) == before


def test_an_address_that_another_official_has_by_now_stays_theirs(
    client, official, typed
):
    _here, _page, address, objection = typed
    client.post(address)
    Recipient.objects.filter(email="ward2@council.example").update(
        email="ward1@council.example"
    )

    assert client.post(objection).status_code == 410

    assert goes_to(official) == "hall@council.example"
    assert client.get("/officials/objection/nobody/").status_code == 410


def test_how_often_letters_come_is_undone_aloud_if_the_same_visit_chose_it(
    client, official, typed, mailbox
):
    here, page, _address, objection = typed
    before = official.rhythm
    here.post(f"{page}rhythm/", {"rhythm": "paused"})
    official.refresh_from_db()
    assert official.rhythm == "paused"
    said = "changed how you get letters at that time or later"
    assert said in client.get(objection).text
    notice = next(m for m in mailbox.messages if "Somebody entered" in m["Subject"])
    for part in ("plain", "html"):
        text = notice.get_body((part,)).get_content()
        assert said in " ".join(text.split())

    done = client.post(objection)
    assert "We have also undone the choice of how you get letters." in done.text

    official.refresh_from_db()
    assert official.rhythm == before


def test_what_was_changed_twice_is_taken_back_by_the_first_mailbox(
    client, official, typed, mailbox, work
):
    _here, _page, address, objection = typed
    client.post(address)
    ask(official)
    work()
    there = new_browser()
    page = there.post(mailbox.newest_path("/officials/opening/")).url
    there.post(f"{page}address/", {"email": "far@council.example"})
    work()
    second = mailbox.newest_path("/officials/objection/")
    client.post(mailbox.newest_path("/officials/address/"))
    assert goes_to(official) == "far@council.example"

    done = client.post(objection)

    assert "<h1>Your address is as before</h1>" in done.text
    assert goes_to(official) == "ward1@council.example"
    assert there.get(page).status_code == client.post(second).status_code == 410
    assert goes_to(official) == "ward1@council.example"


def test_it_is_stopped_whatever_the_language_of_the_site(
    client, official, typed, settings, request
):
    _here, _page, _address, objection = typed
    settings.LANGUAGE_CODE = "fr"
    request.addfinalizer(clear_url_caches)  # Django keeps addresses by language

    assert client.post(objection).status_code == 200
