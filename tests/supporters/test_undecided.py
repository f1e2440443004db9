"""What waits for a person, and on which nobody decides, goes; and who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from letters.models import Letter
from petitions.models import Signature
from supporters.acts.tasks import tell_owners
from supporters.models import Follow, RetentionRun, Supporter
from tests.factories import (
    follow,
    make_campaign,
    make_counted,
    make_letter,
    make_petition,
    make_staff,
    release,
    sign,
    write_comment,
)
from tests.letters.makers import write as write_letter

pytestmark = pytest.mark.django_db
ADVERTISEMENT = "Cheap watches at watches.example"


def in_days(days):
    return timezone.now() + timedelta(days=days, minutes=1)


def all_that_waits(email="ada@mail.example", name=ADVERTISEMENT):
    """One act of each kind that a person is to look at."""
    campaign = make_campaign(closes_at=None)
    petition = make_petition(campaign)
    details = {"email": email, "name": name}
    sign(petition, **details, held_for="word", hears_outcome=True)
    write_letter(make_letter(campaign), **details, held_for="word")
    follow(campaign, email, held_for="word")
    write_comment(campaign, f"Buy! {name}", **details)
    return campaign


def test_what_nobody_decides_on_goes_after_60_days_with_all_that_hung_on_it(
    time_machine,
):
    all_that_waits()

    time_machine.move_to(in_days(59))
    RetentionRun.run()
    for model in (Signature, Letter, Comment):
        assert model.objects.count() == 1
    assert Follow.objects.count() == 2  # one came along with the signature
    time_machine.move_to(in_days(1))
    RetentionRun.run()

    assert not Signature.objects.exists()
    assert not Letter.objects.exists()
    assert not Follow.objects.exists()
    assert not Comment.objects.exclude(name="", text="").exists()
    assert not Supporter.objects.exists()
    assert set(RetentionRun.run().report.values()) == {0}


def test_a_mailbox_that_never_confirmed_here_is_not_told(mailbox, work, time_machine):
    all_that_waits()
    work()
    mailbox.clear()

    time_machine.move_to(in_days(54))
    tell_owners(timestamp=0)
    work()

    assert mailbox.messages == []


def test_what_was_released_late_has_its_seven_days_from_then(time_machine):
    all_that_waits()
    time_machine.move_to(in_days(50))
    by = make_staff()
    Signature.objects.all().release(by)
    release(Letter.objects.get(), by)
    release(Follow.objects.exclude(held_for="").get(), by)

    time_machine.move_to(in_days(6))
    RetentionRun.run()
    found = (Signature.objects.count(), Letter.objects.count(), Follow.objects.count())
    assert found == (1, 1, 2)
    time_machine.move_to(in_days(2))
    RetentionRun.run()

    for model in (Signature, Letter, Follow):
        assert not model.objects.exists()


def test_who_is_known_is_told_once_a_week_before_in_one_mail(
    mailbox, work, time_machine
):
    make_counted(make_petition(), 1, email="ada@mail.example")
    campaign = all_that_waits()
    work()
    mailbox.clear()

    time_machine.move_to(in_days(52))
    tell_owners(timestamp=0)
    work()
    assert mailbox.messages == []
    for _night in range(3):
        time_machine.move_to(in_days(2))
        tell_owners(timestamp=0)
        work()

    [mail] = mailbox.messages
    text = mailbox.text()
    assert mail["To"] == "ada@mail.example"
    for kind in ("A signature", "A letter", "A comment", "Email updates"):
        assert f"- {kind}: {campaign.full_title}" in text
    assert "we must delete it" in text
    assert "watches" not in mail.as_string()


def test_it_is_told_in_the_owners_language(mailbox, work, time_machine, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    make_counted(make_petition(), 1, email="ada@mail.example")
    sign(make_petition(closes_at=None), held_for="word", language="de")
    work()
    time_machine.move_to(in_days(55))
    tell_owners(timestamp=0)
    work()

    html = mailbox.last().get_body(("html",)).get_content()
    assert '<html lang="de" dir="ltr">' in html


def test_a_flood_of_strangers_addresses_becomes_no_mails(mailbox, work, time_machine):
    petition = make_petition(closes_at=None)
    make_counted(make_petition(), 1, email="known@mail.example")
    for number in range(20):
        sign(petition, email=f"victim{number}@mail.example", held_for="flood")
        sign(petition, email="known@mail.example", held_for="word")
    work()
    mailbox.clear()

    time_machine.move_to(in_days(55))
    tell_owners(timestamp=0)
    work()

    assert [mail["To"] for mail in mailbox.messages] == ["known@mail.example"]


def test_what_was_decided_meanwhile_is_not_told(mailbox, work, time_machine):
    make_counted(make_petition(), 1, email="ada@mail.example")
    sign(make_petition(closes_at=None), held_for="word")
    time_machine.move_to(in_days(55))
    tell_owners(timestamp=0)
    Signature.objects.all().reject(by=make_staff())
    mailbox.clear()

    work()

    assert "deleted soon" not in "".join(mail["Subject"] for mail in mailbox.messages)


def test_staff_see_at_the_desk_what_will_go(client, time_machine):
    staff = make_staff("di", is_superuser=True)
    all_that_waits()
    client.force_login(staff)
    assert "if nobody decides" not in client.get("/admin/").text

    time_machine.move_to(in_days(54))
    client.force_login(staff)
    desk = client.get("/admin/").text

    assert desk.count("1 will be deleted within a week if nobody decides.") == 4
    for page in ("petitions/signature", "letters/letter", "supporters/follow"):
        rows = client.get(f"/admin/{page}/?state=held").text
        assert "held: deleted within 6 days" in rows
    comment = Comment.objects.get()
    assert (
        "if nobody decides"
        in client.get(f"/admin/comments/comment/desk/{comment.pk}/").text
    )
