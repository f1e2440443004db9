"""Signing is paused, with an honest notice; what was signed before goes on."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.local_time import in_words
from petitions.models import Petition, Signature
from tests.campaign_editor.forms import page_of
from tests.factories import (
    ADA,
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_update,
    sign,
)
from tests.staff.forms import change_page

pytestmark = pytest.mark.django_db
FORM = {**ADA, "shown_as": "full"}
SIGN = "/campaign-1/signatures/"


@pytest.fixture
def petition(client):
    client.force_login(make_staff("bo", "Campaigners"))
    return make_petition(timezone="America/Los_Angeles")


def pause(client, petition, button="pause"):
    path = f"/admin/petitions/petition/{petition.pk}/pause/"
    answer = client.post(path, {button: ""}, follow=True)
    petition.refresh_from_db()
    return answer


def look(client, path="/campaign-1/"):
    cache.clear()
    return client.get(path).text


def test_pausing_asks_first_and_is_found_from_each_form(client, petition):
    path = f"/admin/petitions/petition/{petition.pk}/pause/"
    for form in (
        change_page("/admin/petitions/petition/", petition),
        page_of(petition.campaign),
    ):
        assert path in client.get(form).text

    asked = client.get(path).text

    assert "Nobody can sign until you end the pause here." in asked
    petition.refresh_from_db()
    assert petition.is_open


def test_a_pause_is_seen_on_each_list_and_can_be_left_as_it_is(client, petition):
    make_petition()
    lists = "/admin/petitions/petition/"

    done = pause(client, petition)

    since = in_words(petition.paused_at, petition.campaign.zone)
    assert done.redirect_chain[-1][0] == lists
    assert (
        "Paused. The page changes within a minute. To go on, choose “Resume signing”"
        in done.text
    )
    assert f">paused since {since}</a>" in done.text
    for path, number in (("/", 1), ("/campaign-1/", 1), ("/campaign-2/", 0)):
        assert look(client, path).count("<b>Signing is paused</b>") == number
    asked = client.get(f"{lists}{petition.pk}/pause/").text
    assert f'href="{lists}{petition.pk}/change/">Leave it paused</a>' in asked
    assert "Pause signing?" not in pause(client, petition, "resume").text


def test_the_form_gives_way_to_a_notice_that_says_since_when(client, petition):
    make_letter(petition.campaign)
    make_counted(petition, 60)
    before = look(client)

    pause(client, petition)

    since = in_words(petition.paused_at, petition.campaign.zone)
    page = look(client)
    assert f"Signing has been paused since {since}." in page
    assert "the button in our email still works." in page
    assert "<strong>60</strong> people have signed" in page
    assert SIGN in before
    assert f'action="{SIGN}"' not in page
    assert 'href="#sign"' not in page
    assert 'id="letter"' in page
    assert "Sign the petition" not in look(client, "/")
    assert f"Signing has been paused since {since}." in look(
        client, "/campaign-1/count/"
    )
    assert client.get("/campaign-1/count.json").json()["is_open"] is False


def test_a_form_that_was_open_is_refused_and_gives_back_what_was_typed(
    client, petition
):
    pause(client, petition)

    answers = [client.get(SIGN), client.post(SIGN, FORM)]

    for answer in answers:
        assert answer.status_code == 409
        assert "Signing is paused" in answer.text
        assert in_words(petition.paused_at, petition.campaign.zone) in answer.text
    assert "Ada Lovelace" in answers[1].text
    assert "We did not add your name" in answers[1].text
    assert not Signature.objects.exists()


def test_links_in_mails_confirm_during_the_pause_and_after_it(
    client, mailbox, work, petition
):
    sign(petition)
    sign(petition, name="Bo", email="bo@mail.example")
    work()
    links = []
    for message in mailbox.messages:
        text = message.get_body(("plain",)).get_content()
        links += [w for w in text.split() if w.endswith("/confirmation/")]
    pause(client, petition)

    during = client.post(links[0].removeprefix("http://testserver"))
    pause(client, petition, "resume")
    after = client.post(links[1].removeprefix("http://testserver"))

    assert (during.status_code, after.status_code) == (302, 302)
    assert Signature.objects.counted().count() == 2


def test_another_address_is_not_taken_meanwhile(client, work, petition):
    inbox = client.post(SIGN, FORM).url
    work()
    pause(client, petition)

    page = client.post(f"{inbox}mail/", {"email": "ada@new.example"})

    assert page.status_code == 410
    assert "Signing is paused" in page.text
    assert Signature.objects.count() == 1


def test_what_a_mail_proposed_to_sign_waits_for_the_end_of_the_pause(
    client, mailbox, petition
):
    follow = make_follow(petition.campaign)
    make_update(petition.campaign, follow_up=petition.campaign)
    pause(client, petition)

    page = client.post(f"{SIGN}next/{follow.key}/", FORM)

    assert page.status_code == 409
    assert not Signature.objects.exists()


def test_pausing_twice_keeps_the_first_moment_and_a_pause_ends(
    client, petition, time_machine
):
    pause(client, petition)
    first = petition.paused_at
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    pause(client, petition)
    assert petition.paused_at == first

    for _twice in range(2):
        pause(client, petition, "resume")

    assert petition.is_open
    assert client.post(SIGN, FORM).status_code == 302


def test_who_may_not_change_a_petition_does_not_pause_it(client):
    petition = make_petition()
    client.force_login(make_staff("cy", "Moderators"))

    assert pause(client, petition).status_code == 403
    assert Petition.objects.get().is_open
