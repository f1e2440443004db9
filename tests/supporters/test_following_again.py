"""Following again, or only for the outcome, as its owner and staff read it."""

import pytest

from supporters.models import Follow
from tests.factories import make_campaign, make_follow, make_staff
from tests.supporters.my_page import enter

pytestmark = pytest.mark.django_db
YES = [("follow", "Email me updates.", "1")]


@pytest.fixture
def campaign(mailbox):
    return make_campaign(title="The dogs of Bucheon")


@pytest.fixture
def outcome_only(campaign):
    made = make_follow(campaign, email="bo@mail.example")
    Follow.objects.filter(pk=made.pk).update(only_outcome=True)
    return Follow.objects.get()


def test_who_follows_again_took_nothing_back_and_follows_once(
    client, campaign, mailbox, work
):
    for frequency in ("immediate", "daily"):
        make_follow(campaign, frequency=frequency, consents=YES)
    make_follow(consents=YES)
    work()

    page = client.get(enter(client, mailbox, work)).text

    follows = page[page.index('id="follows"') : page.index('id="consents"')]
    assert follows.count("The dogs of Bucheon") == 1
    assert follows.count('<h3 class="mine-title"') == 2
    assert "Start again" not in follows
    assert "Taken back" not in page
    assert page.count("You have agreed anew since.") == 1


def test_a_follow_that_was_stopped_before_another_cannot_be_started_again(
    client, campaign, mailbox, work
):
    make_follow(campaign).stop()
    make_follow(campaign, frequency="weekly")
    work()

    path = enter(client, mailbox, work)

    assert client.get(path).text.count('mine-title" id="follow-') == 1
    first = Follow.objects.earliest("pk")
    again = client.post(f"{path}follows/{first.pk}/", {"resume": ""})
    assert again.status_code == 404


def test_of_follows_that_were_all_stopped_the_last_one_can_be_started_again(
    client, campaign, mailbox, work
):
    make_follow(campaign)
    last = make_follow(campaign, frequency="weekly", consents=YES)
    last.stop()
    work()
    path = enter(client, mailbox, work)

    assert client.get(path).text.count('mine-title" id="follow-') == 1
    client.post(f"{path}follows/{last.pk}/", {"resume": ""})

    assert list(Follow.objects.active()) == [last]


def test_staff_see_who_hears_of_the_outcome_only(client, campaign, outcome_only):
    make_follow(campaign, email="ada@mail.example")
    client.force_login(make_staff("root", is_superuser=True))
    follows = "/admin/supporters/follow/"

    every = client.get(follows).text

    assert every.count("bo@mail.example") == every.count("ada@mail.example") == 1
    assert "Once, when it has ended</td>" in every
    one = client.get(f"{follows}{outcome_only.pk}/change/").text
    assert "Once, when it has ended" in one


def test_its_pages_say_when_mail_comes(client, outcome_only):
    thanks = client.get(outcome_only.done_url).text
    stopping = client.get(outcome_only.stop_url).text

    assert "We send you one email when it has ended." in thanks
    assert "Once, when it has ended" in stopping
