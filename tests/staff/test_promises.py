"""What we have promised, and alerts that tell what of it is overdue."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from letters.models import Delivery, OfficialAnswer, Recipient
from outbox.dispatcher import work_through
from outbox.models import Outcome, OutgoingMail
from staff.models import Alert, User
from staff.promises import promises
from staff.tasks import look_at_promises
from supporters.models import ErasureRequest, Mailing, Report
from tests.factories import (
    ask_volunteer,
    follow,
    make_campaign,
    make_counted,
    make_ended_campaign,
    make_follow,
    make_letter,
    make_petition,
    make_staff,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed, settle, sweep, write

pytestmark = pytest.mark.django_db


def bo():
    return User.objects.get(username="bo")


def in_days(days):
    return timezone.now() + timedelta(days=days, minutes=1)


@pytest.fixture
def go_by(time_machine):
    def go_by(days):
        time_machine.move_to(in_days(days), tick=False)

    return go_by


# Each makes one thing that waits, and returns the verb that keeps the promise.
def a_mail(go_by):
    sign(make_petition())
    return work_through


def a_comment(go_by):
    comment = write_comment(make_campaign())
    return lambda: comment.moderated_by(bo()).show()


def a_held_signature(go_by):
    held = sign(make_petition(), held_for="word")
    return lambda: type(held).objects.all().release(bo())


def a_held_letter(go_by):
    held = write(make_letter(), held_for="word")
    return lambda: type(held).objects.all().reject(bo())


def a_held_follow(go_by):
    held = follow(make_campaign(), held_for="word")
    return lambda: type(held).objects.all().release(bo())


def a_name(go_by):
    [signature] = make_counted(make_petition(), shown_as="full")
    signature.public_name.report(location="/", reason="no name", network_hash="a")
    return lambda: signature.public_name.decide("show", by=bo())


def a_letter(go_by):
    confirmed(make_letter(make_campaign(closes_at=None)))
    OutgoingMail.objects.all().delete()
    return work_through


def an_unwanted_letter(go_by):
    confirmed(make_letter())
    OutgoingMail.objects.all().delete()
    Recipient.objects.update(rhythm=Recipient.Rhythm.PAUSED)
    return sweep


def a_failed_letter(go_by):
    letter = confirmed(make_letter())
    for delivery in letter.deliveries.all():
        settle(delivery, Outcome.REFUSED)
    Delivery.objects.exclude(pk=letter.deliveries.first().pk).delete()
    return letter.report_back


def an_answer_to_all(go_by, **fields):
    letter = make_letter()
    return OfficialAnswer.objects.create(
        letter=letter, recipient=Recipient.objects.first(), text="Yes.", **fields
    )


def an_unread_answer(go_by):
    answer = an_answer_to_all(go_by)
    return lambda: answer.turn_down(by=bo(), reason="It is empty.")


def an_unmailed_answer(go_by):
    return an_answer_to_all(go_by, published_at=timezone.now()).queue


def an_update(go_by):
    campaign = make_campaign()
    make_follow(campaign)
    Mailing.objects.send(make_update(campaign), by=None).queue()
    return work_through


def an_outcome(go_by):
    petition = make_petition(make_ended_campaign())
    campaign = petition.campaign
    waiting = make_follow(campaign)
    type(waiting).objects.update(only_outcome=True)
    update = make_update(campaign, is_outcome=True)
    return lambda: Mailing.objects.send(update, by=None).queue()


def a_wish_to_be_erased(go_by):
    ErasureRequest.objects.create(email="ada@mail.example", reason="She rang.")
    return ErasureRequest.objects.all().close


def a_notice(go_by):
    place = f"/{make_campaign().slug}/"
    Report.objects.create(location=place, law="other", words="Why.", language="en")
    return lambda: Report.objects.all().decide("kept", by=bo())


def a_translation(**of_it):
    """Of a volunteer who is done; readers do not have it yet."""
    campaign = make_petition().campaign
    asked = ask_volunteer(campaign, days=90, **of_it)
    what = f"campaign-{campaign.pk}.title"
    campaign.translated_texts.create(language="ko", what=what, words="시장", by=asked)
    asked.hand_in()
    return asked


def a_translation_to_read(go_by):
    asked = a_translation()
    return lambda: asked.campaign.translated_texts.update(waits=False)


# How many days go by until the look of the day after finds it overdue.
WAYS = {
    "mails": (a_mail, 1),
    "comments read": (a_comment, 1),
    "held signature": (a_held_signature, 7),
    "held letter": (a_held_letter, 7),
    "held follow": (a_held_follow, 7),
    "names": (a_name, 7),
    "letters leave": (a_letter, 1),
    "unwanted letters": (an_unwanted_letter, 8),
    "failed letters": (a_failed_letter, 1),
    "answers read": (an_unread_answer, 7),
    "answers mailed": (an_unmailed_answer, 1),
    "updates": (an_update, 2),
    "outcome": (an_outcome, 60),
    "notices": (a_notice, 7),
    "erasing": (a_wish_to_be_erased, 7),
}
if apps.is_installed("volunteers"):
    WAYS["translations read"] = (a_translation_to_read, 7)


def test_each_promise_is_tried_here():
    assert sorted(WAYS) == sorted(each.name for each in promises())


def title_of(name):
    [found] = [each.title for each in promises() if each.name == name]
    return str(found)


def waits(name):
    [found] = [each for each in promises() if each.name == name]
    return found.rows().exists()


def alerts(name):
    return Alert.objects.filter(kind="promise", about=name, closed_at=None).count()


@pytest.mark.parametrize("name", WAYS)
def test_what_waits_is_overdue_one_day_and_then_kept(client, mailbox, go_by, name):
    make_staff("bo", is_superuser=True)
    make, days = WAYS[name]

    keep = make(go_by)
    look_at_promises.func(timestamp=0)

    assert waits(name)
    assert alerts(name) == 0
    go_by(days)
    look_at_promises.func(timestamp=0)
    assert alerts(name) == 1
    client.force_login(bo())
    there = Alert.objects.get(kind="promise", about=name).page
    assert client.get(there).status_code == 200
    keep()
    look_at_promises.func(timestamp=0)
    assert alerts(name) == 0


def test_campaigners_are_mailed_once_of_what_is_overdue(mailbox, work, go_by):
    make_staff("bo", "Campaigners", email="bo@site.example")
    a_wish_to_be_erased(go_by)
    go_by(8)
    mailbox.clear()

    look_at_promises.func(timestamp=0)
    work()
    go_by(2)
    look_at_promises.func(timestamp=0)
    work()

    assert [mail["To"] for mail in mailbox.messages] == ["bo@site.example"]
    assert title_of("erasing") in mailbox.text()
    assert "http://testserver/admin/supporters/erasurerequest/" in mailbox.text()
