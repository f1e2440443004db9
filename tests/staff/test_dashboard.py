"""The desk's first page: what waits for whom, and the open campaigns at a glance."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from campaigns.models import PageViews
from comments.models import Comment
from letters.models import Delivery, OfficialAnswer, Recipient
from outbox.models import Outcome
from petitions.models import DayCount, TallyEntry
from staff.models import Alert
from supporters.models import Mailing
from tests.factories import (
    follow,
    make_campaign,
    make_counted,
    make_ended_campaign,
    make_letter,
    make_paper,
    make_petition,
    make_recipients,
    make_staff,
    make_stance,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed, settle, write

pytestmark = pytest.mark.django_db
NOTHING = "Nothing waits for you."


def make_one_of_each_that_waits(number=1):
    """What a person should look at, in every app; each once."""
    petition = make_petition(title=f"Bucheon {number}")
    suggested = make_letter(
        petition.campaign, recipients=make_recipients(2, name=f"Council {number}")
    )
    sign(petition, email=f"held{number}@mail.example", held_for="flood")
    make_paper(petition, "Jane Roe")
    write(suggested, email=f"writer{number}@mail.example", held_for="flood")
    answered, failed = confirmed(
        suggested, email=f"other{number}@mail.example"
    ).deliveries.order_by("pk")
    answered.note_answer(was_answered=True)
    now = timezone.now()
    settle(failed, Outcome.REFUSED)
    officials = suggested.recipient_list.recipients.order_by("pk")
    OfficialAnswer.objects.create(
        letter=suggested, recipient=officials[0], text="We have read you."
    )
    Recipient.objects.filter(pk=officials[0].pk).update(complained_at=now)
    Recipient.objects.filter(pk=officials[1].pk).update(bounced_at=now)
    comment = write_comment(petition.campaign, email=f"c{number}@mail.example")
    comment.moderated_by(make_staff(f"mod{number}")).show()
    comment.report(reason="hate", words="Why.", network_hash="a")
    Comment.objects.filter(pk=comment.pk).update(queued_at=now)
    follow(petition.campaign, f"f{number}@mail.example", held_for="flood")
    mailing = Mailing.objects.send(make_update(petition.campaign), by=None)
    mailing.pause()
    Alert.objects.sound("count", f"{number}", "Look.", "Look.", "/admin/")
    return suggested


def waiting(client):
    """What the page says that waits: the page to go to, by its words."""
    page = client.get("/admin/").text
    [part] = re.findall(r"(?s)To do(.*?)</section>", page)
    found = re.findall(r'<a href="([^"]+)"><strong>(\d+)</strong> <span>([^<]+)', part)
    assert bool(found) != (NOTHING in part)
    return {words.strip(): (int(number), page) for page, number, words in found}


BOTH = {"alert: deal with it, then close it"}
CYS = {
    "signature held: release or reject it",
    "letter held: release or reject it",
    "comment waits for a moderator",
    "follow held: release or reject it",
}
BOS = {
    "letter of the last 7 days may not have arrived",
    "official has answered, writers say: enter where they stand",
    "official has answered all writers: publish it or turn it down",
    "official has marked a letter as spam: ask the office, and decide",
    "official’s address no longer works: find the new one",
    "mailing to followers paused",
}
PAPER = {"batch of names on paper to compare and count"}
if not apps.is_installed("paper"):
    PAPER = set()


@pytest.mark.parametrize(
    ("group", "expected"),
    [("Campaigners", BOTH | PAPER | BOS), ("Moderators", BOTH | PAPER | CYS)],
)
def test_everybody_sees_what_they_may_decide_on_and_gets_there(client, group, expected):
    make_one_of_each_that_waits()
    client.force_login(make_staff(group=group))

    found = waiting(client)

    assert set(found) == expected
    for words, (number, page) in found.items():
        there = client.get(page.replace("&amp;", "&"), follow=True)
        assert there.status_code == 200, words
        # Lists of officials are the way to them; every other list is what waits.
        changelist = there.context.get("cl")
        if changelist and "official" not in words:
            assert changelist.result_count == number, words


def test_who_may_decide_on_nothing_is_told_that_nothing_waits(client):
    client.force_login(make_staff(group="Moderators"))
    assert waiting(client) == {}

    make_one_of_each_that_waits()
    Alert.objects.all().close()
    client.force_login(make_staff("nobody"))

    assert waiting(client) == {}
    assert "Open campaigns" not in client.get("/admin/").text


def test_what_is_done_waits_no_more(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    suggested = make_one_of_each_that_waits()
    make_paper(make_petition(), "Mine", by=bo)

    answered = Delivery.objects.get(was_answered=True)
    make_stance(suggested, answered.recipient, "answered")
    failed = Delivery.objects.exclude(pk=answered.pk)
    failed.update(settled_at=timezone.now() - timedelta(days=8))
    Recipient.objects.update(left_office_on=timezone.localdate())
    OfficialAnswer.objects.get().turn_down(by=bo, reason="Not theirs.")
    Alert.objects.all().close()
    Mailing.objects.get().resume()

    # Who has entered a batch does not count it.
    numbers = {words: number for words, (number, _page) in waiting(client).items()}
    assert numbers == dict.fromkeys(PAPER, 1)


def test_of_many_open_campaigns_the_desk_shows_those_that_are_read_most(client):
    opened = [make_campaign(slug=f"c{n}", title=f"Campaign {n}") for n in range(9)]
    for number, campaign in enumerate(opened[:3]):
        PageViews.objects.create(
            campaign=campaign, page="sign", day=timezone.localdate(), number=number + 1
        )
    client.force_login(make_staff(group="Moderators"))

    page = client.get("/admin/").text

    shown = re.findall(r"<bdi>Campaign (\d)</bdi>", page)
    assert shown == ["2", "1", "0", "8", "7", "6"]


def test_open_campaigns_show_their_last_days(client):
    petition = make_petition(title="Bucheon")
    make_counted(petition, 3)
    TallyEntry.roll_up()
    PageViews.objects.create(
        campaign=petition.campaign, page="sign", day=timezone.localdate(), number=1234
    )
    make_ended_campaign(title="Over")
    client.force_login(make_staff(group="Moderators"))
    # One bar would stand in an empty frame.
    assert "in total." not in client.get("/admin/").text

    before = petition.campaign.today - timedelta(days=3)
    of_day = {"petition": petition, "day": before, "country": "GB"}
    DayCount.objects.create(**of_day, added=2, removed=0)
    page = client.get("/admin/").text

    assert ": 5 in total." in page
    assert "1,234 page views in the last 30 days" in page
    assert f"/admin/editor/campaigns/{petition.campaign.pk}/home/" in page
    assert "Over" not in page
