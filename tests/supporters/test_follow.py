"""Following by email: asked, confirmed, changed, stopped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from supporters.models import (
    Confirmation,
    Consent,
    Follow,
    RetentionRun,
    Supporter,
)
from tests.answers import subject
from tests.factories import (
    follow,
    make_campaign,
    make_ended_campaign,
    make_follow,
    make_petition,
    make_staff,
    sign,
)

pytestmark = pytest.mark.django_db
ADA = "ada@mail.example"
FORM = {"email": ADA, "frequency": "daily"}
BY_POST = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def campaign(mailbox):
    return make_campaign()


def subjects(mailbox):
    return [subject(message) for message in mailbox.messages]


def test_who_follows_gets_nothing_until_they_confirm(client, campaign, mailbox, work):
    inbox = client.post("/campaign-1/follows/", FORM, follow=True)
    work()

    assert "Now check your email" in inbox.text
    assert subjects(mailbox) == ["Do you want our updates?"]
    [made] = Follow.objects.all()
    assert (made.campaign, made.frequency, made.is_active) == (campaign, "daily", False)
    assert not Follow.objects.active().exists()

    path = mailbox.path_to("confirmation")
    client.get(path)
    assert not Follow.objects.active().exists()
    thanks = client.post(path, follow=True)

    assert "You follow this campaign" in thanks.text
    assert "one email the next morning" in thanks.text
    assert list(Follow.objects.active()) == [made]


def test_the_code_in_the_mail_confirms_as_well(client, campaign, mailbox, work):
    inbox = client.post("/campaign-1/follows/", FORM)
    work()

    thanks = client.post(f"{inbox.url}code/", {"code": mailbox.code()}, follow=True)

    assert "You follow this campaign" in thanks.text
    assert Follow.objects.active().exists()


def test_all_campaigns_are_followed_from_home_or_with_a_tick(client, campaign):
    client.post("/follows/", FORM)
    client.post("/campaign-1/follows/", {**FORM, "everything": "on"})

    assert [made.campaign for made in Follow.objects.all()] == [None, None]


def test_what_was_agreed_to_is_kept_in_its_words(client, campaign):
    client.post("/campaign-1/follows/", FORM)

    consent = Consent.objects.get()
    assert consent.kind == "follow"
    assert consent.words.startswith(
        "Email updates about “Campaign 1”. How often: Once a day. We email updates"
    )
    assert consent.page == "/campaign-1/follows/"


def test_the_form_stands_on_the_action_page_and_at_home(client, campaign):
    make_ended_campaign(slug="ended")

    for page in ("/campaign-1/", "/ended/", "/campaign-1/follows/"):
        assert client.get(page).text.count('name="everything"') == 1
    for page in ("/", "/follows/"):
        form = client.get(page).text
        assert 'action="/follows/"' in form
        assert 'name="everything"' not in form


def test_a_draft_cannot_be_followed(client):
    make_campaign(published_at=None)

    assert client.post("/campaign-1/follows/", FORM).status_code == 404
    assert not Follow.objects.exists()


def test_a_browser_that_has_just_proved_this_address_gets_no_second_mail(
    client, mailbox, work
):
    signature = sign(make_petition())
    client.post(
        f"/campaign-1/signatures/{signature.confirmation.link_key}/confirmation/"
    )
    work()
    mailbox.clear()

    thanks = client.post("/campaign-1/follows/", FORM, follow=True)
    other = client.post("/campaign-1/follows/", {**FORM, "email": "bo@mail.example"})
    work()

    assert "You follow this campaign" in thanks.text
    assert [made.supporter.email for made in Follow.objects.active()] == [ADA]
    assert client.get(other.url).status_code == 200
    assert [message["To"] for message in mailbox.messages] == ["bo@mail.example"]


def test_following_again_changes_how_often_and_doubles_nothing(campaign):
    first = make_follow(campaign)
    key = first.key

    second = make_follow(campaign, frequency="weekly")

    [active] = Follow.objects.active()
    assert (active, active.frequency) == (second, "weekly")
    # The link in the mails so far still stops what comes from now on.
    assert active.key == key
    first.refresh_from_db()
    assert (first.stopped_for, first.key == key) == ("replaced", False)


def test_each_is_followed_on_its_own(campaign):
    here = make_follow(campaign)
    everywhere = make_follow(None)

    here.stop()

    assert list(Follow.objects.active()) == [everywhere]


def test_confirming_twice_is_once(campaign):
    made = follow(campaign)

    made.confirm()
    again = Follow.objects.get()
    again.confirm()

    assert again.confirmed_at == made.confirmed_at
    assert Follow.objects.active().count() == 1


def test_who_confirmed_and_asks_again_is_told_so(client, campaign, mailbox, work):
    inbox = client.post("/campaign-1/follows/", FORM).url
    work()
    client.post(mailbox.path_to("confirmation"))

    client.post(f"{inbox}mail/", {"email": ADA})
    work()

    assert subjects(mailbox)[-1] == "You follow this campaign already"


def test_another_address_is_asked_instead(client, campaign, mailbox, work):
    inbox = client.post("/campaign-1/follows/", FORM).url
    work()
    old = mailbox.path_to("confirmation")

    client.post(f"{inbox}mail/", {"email": "bo@mail.example"})
    work()

    assert client.post(old).status_code == 410
    client.post(mailbox.path_to("confirmation"))
    [active] = Follow.objects.active()
    assert active.supporter.email == "bo@mail.example"


def test_opening_the_stop_page_stops_nothing_and_its_button_does(client, campaign):
    made = make_follow(campaign)
    path = f"/follows/{made.key}/cancellation/"

    page = client.get(path)
    client.head(path)
    assert "Stop these email updates?" in page.text
    assert Follow.objects.active().exists()

    for _ in range(2):
        stopped = client.post(path)
        assert "You get no more email updates about this campaign" in stopped.text
        assert not Follow.objects.active().exists()
    made.refresh_from_db()
    assert made.stopped_for == "asked"

    client.post(path, {"resume": ""})
    assert list(Follow.objects.active()) == [made]


def test_a_mail_program_stops_it_with_one_click(stranger, campaign):
    made = make_follow(campaign)

    answer = stranger.post(f"/follows/{made.key}/cancellation/", BY_POST)

    assert answer.status_code == 200
    assert not Follow.objects.active().exists()
    page = stranger.get(f"/follows/{made.key}/thanks/").text
    assert "<title>You do not get these emails now" in page
    assert "Campaign 1" in page.partition("<h1>")[2]


def test_one_click_stops_all_that_a_mail_came_by(stranger, campaign):
    made = make_follow(campaign)
    make_follow(None)
    make_follow(campaign, "bo@mail.example")

    page = stranger.post(f"/follows/{made.key}/cancellation/all/", BY_POST).text

    assert "<h1>You get no more email updates about any campaign</h1>" in page
    assert [left.supporter.email for left in Follow.objects.active()] == [
        "bo@mail.example"
    ]


def test_where_all_are_stopped_each_leads_to_a_page_of_its_own(client, campaign):
    follows = [make_follow(campaign), make_follow(None, frequency="weekly")]

    page = client.get(f"/follows/{follows[0].key}/cancellation/all/").text

    assert "Stop all of them" in page
    assert "Or change how often" not in page
    for follow_ in follows:
        assert f'href="{follow_.stop_url}"' in page


def test_less_often_is_one_button_away(client, campaign):
    made = make_follow(campaign)

    page = client.post(f"/follows/{made.key}/cancellation/", {"frequency": "weekly"})

    made.refresh_from_db()
    assert (made.frequency, made.is_active) == ("weekly", True)
    assert "You get updates: once a week." in page.text


@pytest.mark.parametrize("end", ["cancellation/", "cancellation/all/"])
def test_a_link_that_stops_nothing_says_so(client, end):
    page = client.get(f"/follows/nobody/{end}")

    assert page.status_code == 410
    assert "There is nothing to stop" in page.text


def test_an_unconfirmed_follow_vanishes_after_seven_days(time_machine, campaign):
    follow(campaign)
    kept = make_follow(campaign, "bo@mail.example")

    time_machine.move_to(timezone.now() + timedelta(days=6, hours=23))
    RetentionRun.run()
    assert Follow.objects.count() == 2
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    RetentionRun.run()
    RetentionRun.run()

    assert list(Follow.objects.all()) == [kept]
    assert [s.email for s in Supporter.objects.all()] == ["bo@mail.example"]
    assert Confirmation.objects.count() == 1


def test_what_looks_like_a_flood_waits_for_a_person(client, campaign, mailbox, work):
    page = client.post("/campaign-1/follows/", {**FORM, "website": "x"}, follow=True)
    work()
    assert "Now check your email" in page.text
    assert mailbox.messages == []

    Follow.objects.release(by=None)
    Follow.objects.release(by=None)
    work()

    assert subjects(mailbox) == ["Do you want our updates?"]


def test_a_follow_is_told_and_erased(campaign):
    made = make_follow(campaign)
    make_follow(None, "bo@mail.example")

    [told] = Follow.objects.of_supporter(made.supporter).export()
    assert told["follows"] == "Campaign 1"
    assert told["how often"] == "Right away"
    assert Follow.objects.of_supporter(made.supporter).erase() == 1
    assert Follow.objects.count() == 1


def test_a_follow_is_found_by_its_full_address(client):
    client.force_login(make_staff("root", is_superuser=True))
    make_follow(email="ada@mail.example")
    make_follow(email="ada@mail.example.org")

    found = client.get("/admin/supporters/follow/", {"q": " Ada@Mail.example "})
    assert [row.supporter.email for row in found.context["cl"].result_list] == [
        "ada@mail.example"
    ]
    part = client.get("/admin/supporters/follow/", {"q": "ada"})
    assert not part.context["cl"].result_list
    assert "Enter a full email address." in part.text
