"""What becomes of a letter, with a relay that misbehaves in every way we know."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import Delivery, Letter, Recipient
from tests.factories import make_letter, make_recipients
from tests.letters.makers import confirmed, due_again, states, sweep, write

pytestmark = pytest.mark.django_db
HANDED_OVER = "handed to our mail service: 250 2.0.0 queued as 4711"


def make_letter_to_one():
    return make_letter(recipients=make_recipients(1))


def letters(relay):
    """Whose letters the relay took, without the mails to the writer."""
    return [r for r in relay.recipients() if r.endswith("@council.example")]


def test_a_confirmed_letter_reaches_every_recipient(relay, work):
    letter = confirmed()

    work()

    assert states(letter) == [HANDED_OVER] * 3
    assert letters(relay) == [f"ward{n}@council.example" for n in (1, 2, 3)]


def test_an_unconfirmed_letter_leaves_to_nobody(relay, work):
    write()

    work()

    assert relay.recipients() == ["ada@mail.example"]
    assert not Delivery.objects.exists()


def test_confirming_twice_sends_once(relay, work):
    letter = confirmed()
    letter.confirm()
    Letter.objects.get().confirm()

    work()

    assert len(letters(relay)) == 3


@pytest.mark.parametrize("answer", ["550 5.1.1 no such mailbox", "553 5.7.1 not you"])
def test_one_refused_of_eight_tells_its_words_and_the_others_arrive(
    relay, work, answer
):
    relay.plan["ward2@council.example"] = [("rcpt", answer)]
    letter = confirmed(make_letter(recipients=make_recipients(8)))

    work()

    others = [HANDED_OVER] * 6
    assert states(letter) == [HANDED_OVER, f"refused: {answer}", *others]


@pytest.mark.parametrize(
    ("who", "step"),
    [
        ("", ("mail", "421 4.3.2 shutting down")),
        ("ward1@council.example", ("rcpt", "450 4.2.1 try again later")),
        ("ward1@council.example", ("rcpt", "drop")),
        ("ward1@council.example", ("rcpt", "silence")),
        ("ward1@council.example", ("data", "451 4.3.0 not now")),
        ("ward1@council.example", ("data", "drop")),
        ("ward1@council.example", ("end", "452 4.3.1 disk full")),
    ],
)
def test_not_now_is_tried_again_and_arrives_once(relay, who, step):
    relay.plan[who] = [step]
    letter = confirmed(make_letter_to_one())
    letter.deliveries.get().hand_over()
    assert states(letter)[0].startswith("trying again at ")

    relay.plan.clear()
    due_again()
    letter.deliveries.get().hand_over()
    letter.deliveries.get().hand_over()

    assert states(letter) == [HANDED_OVER]
    assert letters(relay) == ["ward1@council.example"]


def test_a_relay_that_refuses_us_says_nothing_about_the_recipient(relay):
    relay.plan[""] = [("mail", "550 5.1.0 this account is locked")]
    letter = confirmed(make_letter_to_one())

    letter.deliveries.get().hand_over()

    assert states(letter)[0].startswith("trying again at ")
    assert Recipient.objects.reachable().count() == 1
    relay.plan.clear()
    due_again()
    letter.deliveries.get().hand_over()
    assert states(letter) == [HANDED_OVER]


def test_what_is_due_again_is_swept_up(relay, work):
    relay.plan["ward1@council.example"] = [("rcpt", "450 later")]
    letter = confirmed(make_letter_to_one())
    work()
    relay.plan.clear()

    sweep()
    assert work() == []
    due_again()
    sweep()

    assert work() == ["letters.hand_over"]
    assert states(letter) == [HANDED_OVER]


def test_the_waits_grow_and_after_seven_days_the_writer_gets_the_text_back(
    relay, work, time_machine
):
    relay.plan["ward1@council.example"] = [("rcpt", "450 4.2.1 greylisted")]
    letter = confirmed(make_letter_to_one())
    work()
    waits = []
    while states(letter)[0].startswith("trying again"):
        delivery = letter.deliveries.get()
        waits.append(delivery.next_try_at - timezone.now())
        time_machine.move_to(delivery.next_try_at)
        delivery.hand_over()
    work()

    minutes = [round(wait.total_seconds() / 60) for wait in waits]
    assert minutes == sorted(minutes)
    assert waits[0] <= timedelta(minutes=5)
    assert waits[-1] <= timedelta(hours=6)
    assert timedelta(days=7) < sum(waits, timedelta()) < timedelta(days=7, hours=7)
    assert states(letter) == ["not delivered; we stopped trying: 450 4.2.1 greylisted"]
    _sender, to, _content, mail = relay.taken[-1]
    text = mail.get_body(("plain",)).get_content().replace("\r", "")
    assert to == "ada@mail.example"
    assert mail["Subject"] == "Your letter did not reach everybody"
    assert "Please help.\n\nAda Lovelace, London" in text
    assert "their server asked us to try later" in text
    assert "/letter/" in text


def test_a_letter_that_was_paused_for_long_is_not_given_up_at_its_first_try(
    relay, time_machine
):
    relay.plan["ward1@council.example"] = [("rcpt", "450 4.2.1 greylisted")]
    suggested = make_letter_to_one()
    suggested.pause()
    letter = confirmed(suggested)
    time_machine.move_to(timezone.now() + timedelta(days=8))
    suggested.resume()

    letter.deliveries.get().hand_over()

    delivery = letter.deliveries.get()
    assert str(delivery.state).startswith("trying again at ")
    assert delivery.next_try_at - timezone.now() <= timedelta(minutes=5)


@pytest.mark.parametrize("when", ["drop before", "drop after"])
def test_a_lost_answer_is_said_to_be_lost_and_never_repeated_by_itself(
    relay, work, when
):
    relay.plan["ward1@council.example"] = [("end", when)]
    letter = confirmed(make_letter_to_one())
    work()
    relay.plan.clear()

    due_again()
    sweep()
    work()

    assert states(letter)[0].startswith("may have arrived")
    assert letters(relay).count("ward1@council.example") == (when == "drop after")


def test_a_person_may_send_what_may_have_arrived_again(relay, work):
    relay.plan["ward1@council.example"] = [("end", "drop before")]
    letter = confirmed(make_letter_to_one())
    work()
    relay.plan.clear()

    assert letter.deliveries.get().retry()
    assert not letter.deliveries.get().retry()
    work()

    assert states(letter) == [HANDED_OVER]


@pytest.mark.parametrize("greeting", ["drop", "421 too busy", "554 no service"])
def test_a_relay_that_does_not_greet_is_asked_again(relay, greeting):
    relay.greeting = greeting
    letter = confirmed(make_letter_to_one())

    letter.deliveries.get().hand_over()

    assert states(letter)[0].startswith("trying again at ")


def test_refused_tls_sends_nothing_in_the_clear(relay, settings):
    settings.MAILERS["default"]["OPTIONS"]["use_tls"] = True
    relay.offers = ["STARTTLS"]
    letter = confirmed(make_letter_to_one())

    letter.deliveries.get().hand_over()

    assert "TLS not available" in states(letter)[0]
    assert states(letter)[0].startswith("trying again at ")
    assert relay.taken == []


def test_the_writer_is_told_of_failures_once(relay, work):
    for ward in (1, 2):
        relay.plan[f"ward{ward}@council.example"] = [("rcpt", "550 no")]
    confirmed()

    work()

    mails = [m["Subject"] for _s, to, _c, m in relay.taken if to == "ada@mail.example"]
    assert sorted(mails) == [
        "A copy of your letter",
        "A copy of your letter",  # the question of before, now that it is confirmed
        "Your letter did not reach everybody",
    ]


def test_a_stopped_delivery_is_not_sent(relay, work):
    letter = confirmed(make_letter_to_one())

    assert letter.deliveries.get().stop()
    assert not letter.deliveries.get().stop()
    work()

    assert states(letter) == ["stopped by the campaign before it was sent"]
    assert letters(relay) == []
