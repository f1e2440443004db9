"""Who has done something already and does it again sees the page that everybody sees,
and only the mailbox learns what stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from comments.models import Comment
from letters.models import Letter
from petitions.models import Signature
from supporters.models import Follow
from tests.answers import new_browser, subject
from tests.factories import (
    make_campaign,
    make_counted,
    make_follow,
    make_letter,
    make_petition,
    sign,
)
from tests.petitions.test_signing import FORM as SIGNATURE

pytestmark = pytest.mark.django_db
ADA = SIGNATURE["email"]
FOLLOW = {"email": ADA, "frequency": "daily"}
COMMENT = {"name": "Ada", "email": ADA, "text": "Please help.", "wants_news": "on"}
LETTER = {
    "name": "Ada Lovelace",
    "email": ADA,
    "place": "London, United Kingdom",
    "subject": "Please help",
    "send": "",
    "body": "Dear Council:\n\nPlease help the dogs of our town.\n\nAda Lovelace",
}
FORMS = {
    "signature": ("/campaign-1/signatures/", SIGNATURE),
    "letter": ("/campaign-1/letter/", LETTER),
    "follow": ("/campaign-1/follows/", FOLLOW),
    "comment": ("/campaign-1/comments/", COMMENT),
}


@pytest.fixture(params=FORMS)
def kind(request, mailbox):
    make_petition()
    make_letter(Campaign.objects.get())
    return request.param


def post(kind, **fields):
    """Post the form in a browser of which nothing is known; returns the page."""
    path, form = FORMS[kind]
    page = new_browser().post(path, {**form, **fields}, follow=True)
    assert page.redirect_chain, page.context["form"].errors
    return page


def words(mailbox):
    return " ".join(mailbox.text().split())


@pytest.fixture
def done(kind, mailbox, work):
    """The page after a form whose act was confirmed."""
    page = post(kind)
    work()
    new_browser().post(mailbox.path_to("confirmation"))
    work()
    mailbox.clear()
    return page


@pytest.mark.parametrize("minutes", [1, 11, 60 * 26])
def test_who_does_it_again_is_told_what_stands(  # noqa: PLR0917
    done, mailbox, work, time_machine, kind, minutes
):
    time_machine.move_to(timezone.now() + timedelta(minutes=minutes))

    again = post(kind)
    work()

    subjects = {
        "signature": "You have signed already",
        "letter": "You have sent this letter already",
        "follow": "You follow this campaign already",
        "comment": "You have written this comment already",
    }
    thanked = [m for m in mailbox.messages if subject(m) == "Thank you for signing"]
    mailbox.messages = [m for m in mailbox.messages if m not in thanked]
    assert [subject(mail) for mail in mailbox.messages] == [subjects[kind]]
    assert mailbox.last()["To"] == ADA
    assert "delete what was entered" not in words(mailbox)
    assert again.status_code == done.status_code == 200
    assert ADA in again.text
    # What the page says of those who did it before, it says to everybody.
    assert again.text.count("already") == done.text.count("already")


def test_many_posts_of_it_are_one_mail(done, mailbox, work, kind):
    for _ in range(4):
        post(kind)
    work()

    assert len(mailbox.messages) == 1


def test_who_has_signed_reads_since_when_and_how_they_are_shown(mailbox, work):
    petition = make_petition()
    [counted] = make_counted(petition, email=ADA)

    sign(petition, email=ADA, city="Bath")
    work()

    today = timezone.localdate().strftime("%-d %B %Y")
    assert f"You confirmed your first signature on {today}" in words(mailbox)
    assert "shown as: Ada Lovelace, United Kingdom." in words(mailbox)
    assert "/mine/" in mailbox.text()
    assert f"/campaign-1/?s={counted.share_code}" in mailbox.text()
    assert "confirmation/" not in mailbox.text()
    assert "Bath" not in mailbox.last().as_string()


def test_another_person_of_the_mailbox_is_asked(mailbox, work):
    petition = make_petition()
    make_counted(petition, email=ADA)

    sign(petition, email=ADA, name="Bo Lovelace")
    work()

    assert subject(mailbox.last()) == "Confirm your signature"


def test_who_signs_again_to_hear_how_it_ends_can_say_yes_to_that(client, mailbox, work):
    petition = make_petition()
    make_counted(petition, email=ADA)

    sign(petition, email=ADA, hears_outcome=True)
    work()
    assert "you also asked to hear how it ends" in words(mailbox)
    client.post(mailbox.path_to("confirmation"))

    assert Follow.objects.active().get().only_outcome
    assert petition.standing.count == 1


def test_who_took_the_name_back_can_sign_again(client, mailbox, work):
    petition = make_petition()
    [counted] = make_counted(petition, email=ADA)
    counted.withdraw()

    sign(petition, email=ADA)
    work()
    client.post(mailbox.path_to("confirmation"))

    assert Signature.objects.counted().exists()


def test_nobody_is_reminded_of_what_counts_already(mailbox, work, time_machine):
    petition = make_petition()
    make_counted(petition, email="ada@gmail.com")
    sign(petition, email="a.da@gmail.com", city="Bath")
    work()
    mailbox.clear()

    time_machine.move_to(timezone.now() + timedelta(days=2))
    work()

    assert mailbox.messages == []


def test_who_follows_reads_how_often_and_changes_it_only_by_saying_yes(
    client, mailbox, work
):
    campaign = make_campaign()
    make_follow(campaign, ADA, frequency="weekly")

    post("follow")
    work()

    assert "How often we write to you: once a week." in words(mailbox)
    assert "This time you asked for: once a day." in words(mailbox)
    assert Follow.objects.active().get().frequency == "weekly"
    client.post(mailbox.path_to("confirmation"))
    assert Follow.objects.active().get().frequency == "daily"


def test_the_same_frequency_needs_no_yes(mailbox, work):
    make_follow(make_campaign(), ADA, frequency="daily")

    post("follow")
    work()

    assert "There is nothing left to do." in words(mailbox)
    assert "confirmation/" not in mailbox.text()


def test_who_stopped_the_updates_is_asked_as_if_for_the_first_time(mailbox, work):
    make_follow(make_campaign(), ADA, frequency="daily").stop()

    post("follow")
    work()

    assert subject(mailbox.last()) == "Do you want our updates?"


def test_the_mail_about_a_letter_leads_to_what_became_of_the_first(
    client, mailbox, work
):
    make_letter()
    post("letter")
    work()
    client.post(mailbox.path_to("confirmation"))
    work()

    post("letter")
    work()

    first = Letter.objects.earliest("pk")
    assert first.done_url in mailbox.text()
    assert "confirmation/" not in mailbox.text()
    assert Letter.objects.confirmed().get() == first


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Dear Council:\n\nThink of the cats of our town.\n\nAda Lovelace"},
        {"name": "Bo Lovelace"},
        {"email": "bo@mail.example"},
    ],
)
def test_another_letter_is_asked_about(client, mailbox, work, other):
    make_letter()
    post("letter")
    work()
    client.post(mailbox.path_to("confirmation"))
    work()

    post("letter", **other)
    work()

    assert subject(mailbox.last()) == "Confirm your letter"


def test_who_writes_a_comment_again_later_may_say_yes_to_it(
    client, mailbox, work, time_machine
):
    make_campaign()
    post("comment")
    work()
    client.post(mailbox.path_to("confirmation"))
    time_machine.move_to(timezone.now() + timedelta(hours=3))

    post("comment")
    work()
    assert Comment.objects.earliest("pk").writer_url in mailbox.text()
    client.post(mailbox.path_to("confirmation"))

    assert not Comment.objects.filter(confirmation__used_at=None).exists()


def test_the_same_comment_that_nobody_has_confirmed_is_asked_about(
    mailbox, work, time_machine
):
    """Somebody else may have typed the address under the same words."""
    make_campaign()
    post("comment")
    work()
    mailbox.clear()
    time_machine.move_to(timezone.now() + timedelta(hours=3))

    post("comment")
    work()

    assert subject(mailbox.last()) == "Is this your comment?"
