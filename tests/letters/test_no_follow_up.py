"""To whom no follow-up goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import Letter, Recipient
from letters.receipt.follow_up import FollowUp
from outbox.models import Outcome
from tests.factories import (
    make_campaign,
    make_letter,
    make_recipients,
    make_stance,
)
from tests.letters.makers import bounce, confirmed, settle, states, sweep
from tests.letters.test_follow_up import (
    ANSWERED,
    handed_over,
    leave_together,
    mails,
    offered,
    press,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggested():
    return make_letter(make_campaign(closes_at=timezone.now() + timedelta(days=600)))


@pytest.fixture
def letter(suggested):
    return handed_over(confirmed(suggested))


def test_who_cannot_be_reached_or_does_not_answer_letters_is_left_out(
    client, mailbox, work
):
    letter = handed_over(confirmed(make_letter(recipients=make_recipients(9))))
    one, two, three, four, five, six, seven, eight, _nine = letter.deliveries.order_by(
        "pk"
    )
    Recipient.objects.filter(pk=one.recipient_id).update(left_office_on="2026-01-01")
    two.recipient.note_complaint()
    three.recipient.mark_bounced("550 no")
    Recipient.objects.filter(pk=four.recipient_id).update(is_record=True)
    bounce(five, "452 full")
    settle(six, Outcome.IN_DOUBT)
    seven.note_answer(was_answered=True)
    eight.note_answer(was_answered=False)
    mailbox.clear()

    press(client, letter)
    work()

    assert set(mails(mailbox)) == {"ward8@council.example", "ward9@council.example"}


@pytest.mark.parametrize("kind", ["supports", "opposes", "answered"])
def test_who_has_said_something_since_is_not_reminded(client, letter, kind):
    suggested = letter.suggested_letter
    first, second, _third = suggested.recipient_list.recipients.all()
    handed_over_on = letter.deliveries.first().left_at.date()
    make_stance(suggested, first, kind, day=handed_over_on)
    make_stance(suggested, second, kind, day=handed_over_on - timedelta(days=1))

    # What was said before the letter is no answer to it, but who agrees is not asked.
    assert offered(client, letter) == (1 if kind == "supports" else 2)


def test_an_answer_that_comes_before_it_leaves_stops_it(client, letter, mailbox, work):
    suggested = letter.suggested_letter
    press(client, letter)
    suggested.pause()
    sweep()
    one, two, _three = letter.deliveries.order_by("pk")
    one.note_answer(was_answered=True)
    make_stance(suggested, two.recipient, "opposes")
    suggested.resume()
    work()

    written = Letter.objects.get(follow_of=letter)
    assert [s[:13] for s in states(written)] == [ANSWERED[:13]] * 2 + ["handed to our"]
    assert set(mails(mailbox)) == {"ward3@council.example"}
    receipt = client.get(letter.done_url).text
    assert receipt.count(ANSWERED) == 2
    stopped = written.deliveries.first()
    assert not stopped.retry()  # not by hand either
    assert stopped.state.mark == "good"
    assert not [m for m in mailbox.messages if "did not reach" in m["Subject"]]


@pytest.mark.parametrize("paused", [True, False])
def test_what_is_over_or_paused_reminds_nobody(client, letter, paused):
    seen = FollowUp(letter).seen
    if paused:
        letter.suggested_letter.pause()
    else:
        type(letter.campaign).objects.update(closes_at=timezone.now())

    assert offered(client, letter) == 0
    answer = press(client, letter, seen=seen)
    assert answer.status_code == (409 if paused else 410)
    assert not Letter.objects.filter(follow_of=letter).exists()


def test_who_wrote_with_others_under_one_letter_reminds_nobody_alone(client, suggested):
    ada, bo = (
        handed_over(confirmed(suggested, email=f"{who}@mail.example", text_digest="x"))
        for who in ("ada", "bo")
    )
    leave_together(ada)
    assert offered(client, ada) == ada.deliveries.count()

    leave_together(ada, bo)
    assert offered(client, ada) == 0

    own = handed_over(confirmed(suggested, email="cy@mail.example"))
    leave_together(ada, bo, own)
    assert offered(client, own) == own.deliveries.count()


def test_who_wants_no_letters_for_now_is_not_reminded(client, letter):
    all_of_them = offered(client, letter)
    first = Recipient.objects.order_by("pk")[0]
    Recipient.objects.filter(pk=first.pk).update(rhythm=Recipient.Rhythm.PAUSED)

    assert offered(client, letter) == all_of_them - 1
