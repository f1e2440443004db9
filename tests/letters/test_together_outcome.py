"""What comes of a mail comes of every letter in it."""

from datetime import UTC, datetime, timedelta

import pytest

from letters.models import (
    Delivery,
    Letter,
    Recipient,
)
from letters.sending.tasks import report_back
from outbox.dispatcher import collect, work_through
from outbox.models import Outcome, OutgoingMail
from staff.models import Alert
from tests.factories import (
    make_campaign,
    make_letter,
    make_recipients,
)
from tests.letters.makers import NOON, confirmed, settle, states, unchanged
from tests.letters.reports import POSTFIX, receive, report
from tests.letters.test_together import (
    TAKEN,
    TO,
    choose,
    open_mail,
    to_officials,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("step", "answer", "state", "is_told"),
    [
        ("rcpt", "450 later", "trying again on ", False),
        ("rcpt", "550 5.7.1 no", "refused: 550 5.7.1 no", True),
        ("end", "drop after", "may have arrived", False),
        ("end", "452 full", "trying again on ", False),
    ],
)
def test_what_comes_of_it_comes_of_every_letter_in_it(
    relay, work, suggested, move_to, *, step, answer, state, is_told
):
    letters = [unchanged(suggested, name) for name in ("Ada", "Bo")]
    work()
    relay.taken.clear()
    relay.plan[TO] = [(step, answer)]

    move_to(NOON + timedelta(days=1))

    assert [states(letter)[0][: len(state)] for letter in letters] == [state] * 2
    told = [to for _s, to, _c, m in relay.taken if "did not arrive" in m["Subject"]]
    assert sorted(told) == (["ada@mail.example", "bo@mail.example"] if is_told else [])
    relay.plan.clear()
    sent = len(to_officials(relay))
    unchanged(suggested, "Cy")
    move_to(NOON + timedelta(days=1, minutes=30))
    tried_again = state.startswith("trying")
    assert len(to_officials(relay)) == sent + tried_again
    if tried_again:  # with who has come meanwhile: there is one mail
        assert "3 people" in to_officials(relay)[-1][0]


def test_a_worker_that_dies_after_the_last_dot_leaves_what_may_have_arrived(
    relay, work, suggested, move_to
):
    letters = [unchanged(suggested, name) for name in ("Ada", "Bo")]
    work()
    sent_on = NOON + timedelta(days=1)
    mail = open_mail()
    OutgoingMail.objects.filter(pk=mail.pk).update(dot_at=sent_on, claimed_at=sent_on)
    late = unchanged(suggested, "Cy")
    move_to(sent_on)
    assert to_officials(relay) == []
    assert states(late) == [
        "not sent yet: it leaves together with others, probably on 8 March 2030"
    ]
    choose("weekly")

    move_to(sent_on + timedelta(minutes=11))

    assert all(states(letter)[0].startswith("may have") for letter in letters)
    assert "probably on 11 March 2030" in states(late)[0]
    # Another one dies before that: a new choice finds its mail all the same.
    OutgoingMail.objects.filter(pk=open_mail().pk).update(claimed_at=sent_on)
    choose("daily")
    move_to(sent_on + timedelta(minutes=30))
    assert "probably on 8 March 2030" in states(late)[0]
    assert to_officials(relay) == []


def test_what_comes_back_is_told_of_all_and_what_was_accepted_is_a_warning(
    relay, work, suggested, move_to
):
    letters = [unchanged(suggested, name) for name in ("Ada", "Bo")]
    work()
    move_to(NOON + timedelta(days=1))
    mail = letters[0].deliveries.get().mail
    Letter.objects.filter(pk=letters[0].pk).erase()

    receive(report(mail.bounce_address, action="delivered", status="2.0.0"))
    assert states(letters[1]) == ["accepted by their server"]
    words = "550 5.1.1 <ward1@council.example>: unknown"
    receive(report(mail.bounce_address, style=POSTFIX, status="5.1.1", words=words))
    work()

    # The words may name who is erased.
    assert [states(letter)[0] for letter in letters] == [
        "came back later: 550 5.1.1"
    ] * 2
    assert Recipient.objects.get().bounced_at is None
    assert Alert.objects.filter(kind="bounce?").exists()
    told = [to for _s, to, _c, m in relay.taken if "did not arrive" in m["Subject"]]
    assert told == ["bo@mail.example"]
    report_back.func(mail_pk=mail.pk)
    assert work() == []


def test_the_only_mail_to_an_address_that_comes_back_marks_it(
    relay, work, suggested, move_to
):
    unchanged(suggested, "Ada")
    work()
    move_to(NOON + timedelta(days=1))

    mail = Delivery.objects.get().mail
    receive(report(mail.bounce_address))

    assert Recipient.objects.get().bounced_at


def test_a_failure_elsewhere_is_told_when_what_goes_together_settles_last(
    relay, work, time_machine, move_to
):
    time_machine.move_to(NOON, tick=False)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    campaign = make_campaign(opens_at=long_ago, published_at=long_ago)
    suggested = make_letter(campaign, recipients=make_recipients(2))
    Recipient.objects.filter(email="ward2@council.example").update(rhythm="daily")
    letter = confirmed(suggested)
    alone, _together = letter.deliveries.order_by("pk")
    collect()
    alone.refresh_from_db()
    settle(alone, Outcome.REFUSED, at=NOON, reply="550 no")

    move_to(NOON + timedelta(days=1))

    letter.refresh_from_db()
    assert not letter.deliveries.open().exists()
    assert letter.reported_back_at


def test_a_mail_that_gives_up_keeps_what_has_come_lately(
    relay, work, suggested, move_to
):
    choose("daily")
    old = confirmed(suggested)
    work()
    week_later = NOON + timedelta(days=9)
    OutgoingMail.objects.filter(pk=open_mail().pk).update(tries=16, reply="450 later")
    Delivery.objects.update(queued_at=NOON)
    relay.plan[TO] = [("rcpt", "450 4.2.1 later")]
    late = confirmed(suggested, email="late@mail.example")
    work()
    late.deliveries.update(queued_at=week_later)

    move_to(week_later)

    assert old.deliveries.get().outcome == Outcome.GIVEN_UP
    assert late.deliveries.open().exists()
    relay.plan.clear()
    move_to(week_later + timedelta(minutes=1))
    move_to(week_later + timedelta(days=3))
    assert states(late) == [TAKEN]


def test_a_week_s_mail_is_tried_as_long_as_any_from_its_day_on(
    relay, work, suggested, move_to
):
    choose("weekly")
    letter = confirmed(suggested)
    work()
    monday = OutgoingMail.objects.get(purpose="letters").due_at
    OutgoingMail.objects.filter(purpose="letters").update(tries=16, reply="450 later")
    relay.plan[TO] = [("rcpt", "450 4.2.1 later")]

    move_to(monday + timedelta(days=6))
    assert letter.deliveries.open().exists()
    move_to(monday + timedelta(days=8))

    assert letter.deliveries.get().outcome == Outcome.GIVEN_UP


def test_a_complaint_leaves_nothing_open_that_the_relay_had(relay, suggested):
    letter = confirmed(suggested)
    collect()
    had = NOON - timedelta(days=1)
    OutgoingMail.objects.filter(purpose="letter").update(dot_at=had, claimed_at=had)
    Recipient.objects.update(complained_at=NOON)

    work_through()

    assert letter.deliveries.get().outcome == Outcome.IN_DOUBT
