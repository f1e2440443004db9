"""After the end: a day to confirm, then the final number; and goals told once."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.local_time import in_words
from petitions.counting.tasks import tell_of_goals
from petitions.models import Petition, Signature, TallyEntry
from supporters.acts.act import TooLate
from tests.factories import (
    ADA,
    make_counted,
    make_letter,
    make_petition,
    make_staff,
    release,
    sign,
)
from tests.letters.makers import confirmed

pytestmark = pytest.mark.django_db
FORM = {**ADA, "shown_as": "full"}
HOUR = timedelta(hours=1)


@pytest.fixture
def petition():
    return make_petition(timezone="Asia/Seoul")


@pytest.fixture
def asked(client, mailbox, work, petition):
    """Ada has signed and has our mail; her inbox page's path."""
    response = client.post("/campaign-1/signatures/", FORM)
    work()
    return response.url


def end(petition, ago=timedelta(0)):
    petition.campaign.closes_at = timezone.now() - ago
    petition.campaign.save()
    cache.clear()


def look(client, path="/campaign-1/"):
    cache.clear()
    return client.get(path).text


def test_the_mail_says_how_long_it_works_after_the_end(mailbox, asked):
    said = "After the petition has ended, they work for 24 more hours at most."
    assert said in " ".join(mailbox.text().split())


@pytest.mark.parametrize("way", ["button", "code"])
def test_what_was_signed_before_the_end_confirms_for_a_day(
    client, mailbox, petition, asked, way
):
    end(petition, ago=23 * HOUR)
    assert "so the number can still grow." in look(client)

    if way == "button":
        client.post(mailbox.path_to("confirmation"))
    else:
        client.post(f"{asked}code/", {"code": mailbox.code()})

    assert Signature.objects.get().counted
    assert "<strong>1</strong> person signed" in look(client)


def test_after_that_day_the_signature_itself_refuses(petition):
    """Also for a request that saw its page in time."""
    signature = sign(petition)
    end(petition, ago=24 * HOUR)
    signature = Signature.objects.get(pk=signature.pk)

    with pytest.raises(TooLate):
        signature.confirm()

    assert not Signature.objects.confirmed().exists()


def test_who_confirms_after_the_end_is_told_so_and_promised_nothing_more(
    client, mailbox, petition, asked
):
    make_letter(petition.campaign)
    link = mailbox.path_to("confirmation")
    end(petition, ago=HOUR)

    question, inbox = client.get(link).text, client.get(asked).text

    until = in_words(petition.confirms_until, petition.campaign.zone)
    assert f"counts if you confirm it by {until}" in question
    assert "names do not show after the end" in question
    for page in (question, inbox):
        assert "Name counted" in page
    thanks = client.post(link, follow=True).text
    assert "The petition has ended, so no names show any more." in thanks
    assert "You are shown as" not in thanks
    mine = client.post("/mine/", {"email": ADA["email"]}, follow=True).text
    assert "The petition has ended, so no names show any more." in mine
    assert "People see:" not in mine
    stop = Signature.objects.get().withdrawal_key
    taken = client.post(f"/campaign-1/signatures/{stop}/withdrawal/")
    assert "sign again" not in taken.text


def test_who_has_written_is_not_asked_to_write(client, mailbox, asked, petition):
    suggested = make_letter(petition.campaign)
    thanks = client.post(mailbox.path_to("confirmation"), follow=True)
    assert "Open my letter" in thanks.text
    confirmed(suggested, email=ADA["email"])

    page = client.get(thanks.redirect_chain[-1][0]).text

    assert "Open my letter" not in page
    assert "You wrote the letter" in page


@pytest.mark.parametrize("shown_as", ["full", "no"])
def test_nobody_is_told_that_a_name_stands_which_is_not_shown(
    client, mailbox, work, petition, shown_as
):
    client.post("/campaign-1/signatures/", {**FORM, "shown_as": shown_as})
    work()

    page = client.post(mailbox.path_to("confirmation"), follow=True).text

    assert "<p>Your name counts.</p>" in page
    assert "Your name stands" not in page


def test_how_long_it_confirms_is_a_setting(settings, petition):
    end(petition, ago=25 * HOUR)
    assert petition.is_final

    settings.CONFIRM_AFTER_END_HOURS = 30

    assert not petition.is_final


def test_who_comes_later_reads_why_not(client, mailbox, petition, asked):
    end(petition, ago=25 * HOUR)
    link = mailbox.path_to("confirmation")

    answers = [
        client.get(link),
        client.post(link),
        client.get(asked),
        client.post(f"{asked}code/", {"code": mailbox.code()}),
        client.post(f"{asked}mail/", {"email": "ada@new.example"}),
    ]

    until = f"{petition.confirms_until.astimezone(petition.campaign.zone):%-d %B %Y}"
    for answer in answers:
        assert answer.status_code == 410
        assert "This petition has ended" in answer.text
        assert (
            f"People who signed before the end could confirm until {until}."
            in answer.text
        )
    assert not Signature.objects.get().counted


def test_a_link_that_was_used_in_time_still_says_so(client, mailbox, petition, asked):
    link = mailbox.path_to("confirmation")
    client.post(link)
    end(petition, ago=25 * HOUR)

    assert "<h1>Your name counts</h1>" in client.get(link).text


def test_who_was_held_until_it_was_too_late_is_told_by_mail(mailbox, work, petition):
    signature = sign(petition, held_for="word")
    work()
    end(petition, ago=25 * HOUR)

    release(signature, make_staff())
    work()

    assert mailbox.last()["Subject"] == "The petition has ended"
    assert "so we could not count your name" in " ".join(mailbox.text().split())
    assert "/confirmation/" not in mailbox.text()


def test_the_final_number_stands_without_a_next_goal(client, petition):
    make_counted(petition, 60)
    before = [look(client), look(client, "/campaign-1/count/")]
    end(petition, ago=25 * HOUR)

    after = [look(client), look(client, "/campaign-1/count/")]
    live = client.get("/campaign-1/count.json").json()

    for page in before:
        assert "Goal: 75" in page
    for page in after:
        assert "<strong>60</strong> people signed" in page
        assert "Goal" not in page
        assert "<progress" not in page
        assert "can still grow" not in page
        assert "live-count" not in page
    assert (live["count"], live["goal"], live["is_final"]) == (60, None, True)
    assert live["ended_at"] is not None
    assert "Next goal" not in client.get("/campaign-1/signatures/thanks/").text


def goals(petition):
    tell_of_goals(0)
    told = petition.campaign.milestones.filter(kind="reached")
    return [milestone.words for milestone in told.order_by("pk")]


def test_a_goal_that_is_reached_is_told_once_and_never_again(client, petition):
    leaving = make_counted(petition, 100)
    assert goals(petition) == ["100 people have signed."]

    leaving[0].withdraw()
    assert Petition.objects.get().standing.count == 99
    goals(petition)
    sign(petition, email="new@mail.example").confirm()

    assert Petition.objects.get().standing.count == 100
    assert goals(petition) == ["100 people have signed."]
    page = look(client)
    assert page.count("Goal reached</h3>") == 1
    assert "100 people have signed." in client.get("/campaign-1/updates/feed/").text


def test_a_goal_that_staff_have_deleted_does_not_come_back(petition):
    make_counted(petition, 100)
    goals(petition)

    petition.campaign.milestones.all().delete()

    assert goals(petition) == []


def test_of_several_goals_at_once_the_highest_is_told(petition):
    petition.tally.create(country="GB", delta=1284)

    assert goals(petition) == ["1,000 people have signed."]


def test_a_small_count_a_draft_and_a_final_number_tell_of_no_goal(petition):
    petition.tally.create(country="GB", delta=99)
    draft, final = make_petition(published_at=None), make_petition()
    end(final, ago=26 * HOUR)
    for other in (draft, final):
        other.tally.create(country="GB", delta=500)

    assert goals(petition) == goals(draft) == goals(final) == []


def test_the_days_of_the_chart_add_up_to_the_count(client, petition):
    leaving = make_counted(petition, 7)
    for signature in leaving[:3]:
        signature.withdraw()
    before = timezone.now() - timedelta(days=2)
    petition.tally.filter(delta=1).update(at=before)
    petition.tally.filter(delta=-1).update(at=before + timedelta(days=1))
    TallyEntry.roll_up()

    page = look(client, "/campaign-1/count/")

    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert [part.partition("<")[0] for part in rows.split("<td>")[1:]] == [
        *("0", "-3", "7")
    ]
    assert petition.standing.count == 4
    # Of eleven parts, the scale of 8 has eight, and what was taken back three.
    assert '<rect x="3.33%" y="9.09%" width="26.67%" height="63.64%"/>' in page
    assert '<rect x="36.67%" y="72.73%" width="26.67%" height="27.27%"/>' in page
