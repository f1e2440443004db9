"""What becomes of a letter, with a relay that misbehaves in every way we know."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import Delivery, Letter, Recipient, SuggestedLetter
from letters.sending.mails import OneLetter
from outbox.dispatcher import collect, work_through
from outbox.models import OutgoingMail
from outbox.sending import Attempt, stop
from tests.factories import make_letter, make_recipients, make_stance
from tests.letters.makers import (
    confirmed,
    due_again,
    states,
    sweep,
    unchanged,
    write,
)

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
    "step",
    [
        ("rcpt", "450 4.2.1 try again later"),
        ("rcpt", "drop"),
        ("rcpt", "silence"),
        ("data", "451 4.3.0 not now"),
        ("data", "drop"),
        ("end", "452 4.3.1 disk full"),
    ],
)
def test_not_now_is_tried_again_and_arrives_once(relay, settings, step):
    if "silence" in step:
        settings.MAILERS["default"]["OPTIONS"]["timeout"] = 1
    relay.plan["ward1@council.example"] = [step]
    letter = confirmed(make_letter_to_one())
    work_through()
    assert states(letter)[0].startswith("trying again on ")

    relay.plan.clear()
    due_again()
    work_through()
    due_again()
    work_through()

    assert states(letter) == [HANDED_OVER]
    assert letters(relay) == ["ward1@council.example"]


@pytest.mark.parametrize(
    "answer", ["550 5.1.0 this account is locked", "421 4.3.2 shutting down"]
)
def test_a_relay_that_refuses_us_says_nothing_about_the_recipient(relay, answer):
    relay.plan[""] = [("mail", answer)]
    letter = confirmed(make_letter_to_one())

    work_through()

    assert states(letter) == ["queued"]
    assert Recipient.objects.reachable().count() == 1
    relay.plan.clear()
    work_through()
    assert states(letter) == [HANDED_OVER]


def test_what_is_put_off_is_tried_when_it_is_due_and_not_before(relay, work):
    relay.plan["ward1@council.example"] = [("rcpt", "450 later")]
    letter = confirmed(make_letter_to_one())
    work()
    relay.plan.clear()

    work()
    assert letters(relay) == []
    due_again()
    work()

    assert states(letter) == [HANDED_OVER]


def test_the_waits_grow_and_after_seven_days_the_writer_gets_the_text_back(
    relay, work, time_machine
):
    relay.plan["ward1@council.example"] = [("rcpt", "450 4.2.1 greylisted")]
    letter = confirmed(make_letter_to_one())
    work()
    waits = []
    while states(letter)[0].startswith("trying again"):
        due_at = letter.deliveries.get().next_try_at
        waits.append(due_at - timezone.now())
        time_machine.move_to(due_at)
        work_through()
    work()

    minutes = [round(wait.total_seconds() / 60) for wait in waits]
    assert minutes == sorted(minutes)
    assert waits[0] <= timedelta(minutes=5)
    assert waits[-1] <= timedelta(hours=6)
    assert timedelta(days=7) < sum(waits, timedelta()) < timedelta(days=7, hours=7)
    assert states(letter) == [
        "not delivered, and we stopped trying: 450 4.2.1 greylisted"
    ]
    _sender, to, _content, mail = relay.taken[-1]
    text = mail.get_body(("plain",)).get_content().replace("\r", "")
    assert to == "ada@mail.example"
    assert mail["Subject"] == "Your letter did not arrive"
    assert "Please help.\n\nAda Lovelace, London" in text
    assert "their server asked us to try again later" in text
    assert "You can send it yourself" in text
    assert "does not exist" not in text
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

    work_through()

    delivery = letter.deliveries.get()
    assert str(delivery.state).startswith("trying again on ")
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

    work_through()

    assert states(letter) == ["queued"]
    relay.greeting = "220 well again"
    work_through()
    assert states(letter) == [HANDED_OVER]


def test_refused_tls_sends_nothing_in_the_clear(relay, settings):
    settings.MAILERS["default"]["OPTIONS"]["use_tls"] = True
    relay.offers = ["STARTTLS"]
    letter = confirmed(make_letter_to_one())

    work_through()

    assert states(letter) == ["queued"]
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

    assert states(letter) == [
        "not sent: the campaign stopped it, so this office did not get it"
    ]
    assert letters(relay) == []


@pytest.mark.parametrize("what", ["erased", "stopped", "paused", "answered"])
def test_what_changes_between_composing_and_the_last_dot_keeps_it_here(
    relay, work, monkeypatch, what
):
    letter = confirmed(make_letter_to_one())
    delivery = letter.deliveries.get()
    changes = {
        "erased": lambda: Letter.objects.filter(pk=letter.pk).erase(),
        "stopped": delivery.stop,
        "paused": letter.suggested_letter.pause,
        "answered": lambda: make_stance(letter.suggested_letter, delivery.recipient),
    }
    compose = OneLetter.compose

    def composed(purpose, mail):
        content = compose(purpose, mail)
        monkeypatch.undo()
        assert changes[what]() is not False
        return content

    monkeypatch.setattr(OneLetter, "compose", composed)
    work()

    assert letters(relay) == []
    assert not OutgoingMail.objects.open().about("letter", delivery.pk).exists()
    if what == "paused":
        letter.suggested_letter.resume()
        work()
        assert len(letters(relay)) == 1


def test_whoever_is_erased_just_before_the_relay_says_not_now_is_not_tried_again(
    relay, monkeypatch
):
    relay.plan["ward1@council.example"] = [("end", "452 4.3.1 disk full")]
    letter = confirmed(make_letter_to_one())
    note_dot = Attempt._note_dot

    def noted(attempt):
        note_dot(attempt)
        if attempt.mail.purpose == "letter":
            monkeypatch.undo()
            Letter.objects.filter(pk=letter.pk).erase()

    monkeypatch.setattr(Attempt, "_note_dot", noted)
    work_through()
    relay.plan.clear()
    sweep()
    due_again()
    work_through()

    assert letters(relay) == []
    assert not Delivery.objects.open().exists()
    assert not OutgoingMail.objects.open().exists()


def test_which_go_together_is_known_alike_of_one_and_of_all():
    suggested = make_letter(recipients=make_recipients(3))
    rhythms = ["each", "daily", "weekly"]
    for recipient, rhythm in zip(
        suggested.recipient_list.recipients.all(), rhythms, strict=True
    ):
        Recipient.objects.filter(pk=recipient.pk).update(rhythm=rhythm)
    confirmed(suggested)
    unchanged(suggested, "Bo Lee")
    for sends_together in (True, False):
        SuggestedLetter.objects.update(sends_together=sends_together)
        rows = Delivery.objects.select_related("letter__suggested_letter", "recipient")
        alone = {d.pk for d in rows if not d.goes_together}
        assert set(rows.alone().values_list("pk", flat=True)) == alone
        together = set(rows.together().values_list("pk", flat=True))
        assert together == {d.pk for d in rows} - alone
        assert alone


def test_staff_try_the_mail_of_a_letter_again_and_stop_one(relay, work):
    relay.plan["ward1@council.example"] = [("rcpt", "550 no")]
    letter = confirmed(make_letter_to_one())
    work()
    relay.plan.clear()

    assert letter.deliveries.get().mail.try_again()
    work()

    assert states(letter) == [HANDED_OVER]
    letter = confirmed(letter.suggested_letter, email="bo@mail.example")
    collect()
    assert stop(letter.deliveries.get().mail, "stopped")
    assert states(letter) == [
        "not sent: the campaign stopped it, so this office did not get it"
    ]
