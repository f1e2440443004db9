"""Two weeks after a letter has left, its writer is asked once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import Delivery, Recipient
from letters.receipt.tasks import ask_for_answers
from supporters.models import Supporter
from tests.factories import make_campaign, make_letter, make_recipients, make_stance
from tests.letters.makers import confirmed, unchanged, wednesday_after

pytestmark = pytest.mark.django_db
QUESTION = "Did they answer your letter?"


@pytest.fixture
def suggested():
    return make_letter(make_campaign(closes_at=None))


@pytest.fixture
def after(time_machine, work, mailbox):
    """Let so many days go by; the mails that came.

    The hourly work is done once a week and on the last day, twice: what is due waits
    for the next time.
    """

    def after(days):
        while days:
            step = min(days, 7)
            days -= step
            time_machine.move_to(timezone.now() + timedelta(days=step), tick=False)
            ask_for_answers.func(timestamp=0)
            ask_for_answers.func(timestamp=0)
            work()
        told = [m for m in mailbox.messages if m["Subject"] == QUESTION]
        mailbox.clear()
        return told

    return after


def test_the_writer_is_asked_once(suggested, work, after, client):
    letter = confirmed(suggested)
    work()
    assert "<summary>Did they answer?" in client.get(letter.done_url).text

    assert after(13) == []
    [asked] = after(1)
    text = asked.get_body(("plain",)).get_content()
    assert asked["To"] == "ada@mail.example"
    assert "We sent your letter “Please help” to the Mayor and the Council." in text
    assert f"http://testserver{letter.done_url}" in text
    assert letter.done_url in asked.get_body(("html",)).get_content()
    assert after(40) == []


@pytest.mark.parametrize("was_answered", [True, False])
def test_whoever_has_told_is_not_asked(suggested, work, after, was_answered):
    letter = confirmed(suggested)
    work()
    letter.deliveries.first().note_answer(was_answered=was_answered)

    assert after(30) == []


def test_the_question_has_a_link_that_stops_the_next_one(
    suggested, work, after, client
):
    confirmed(suggested)
    work()
    [asked] = after(15)

    assert client.post(asked["List-Unsubscribe"].strip("<>")).status_code == 200

    confirmed(suggested, text="Please help them, too.")
    work()
    assert after(30) == []


def test_nobody_is_asked_about_what_went_together(work, after, time_machine):
    time_machine.move_to(wednesday_after(timezone.now()), tick=False)
    suggested = make_letter(
        make_campaign(closes_at=None), recipients=make_recipients(1)
    )
    for name in ("Bo Lee", "Cy Young"):
        unchanged(suggested, name)
    work()
    after(7)
    assert Delivery.objects.left().count() == 2

    assert after(30) == []


@pytest.mark.parametrize(
    "why", ["came back", "has said", "erased", "paused", "never", "deleted"]
)
def test_nobody_is_asked_where_no_answer_can_be_told(
    suggested, work, after, why, settings
):
    if why == "paused":
        suggested.pause()
    if why == "never":
        settings.LETTER_ASK_DAYS = 0
    letter = confirmed(suggested)
    work()
    if why == "came back":
        letter.deliveries.update(bounced_at=timezone.now())
    if why == "has said":
        for recipient in suggested.recipient_list.recipients.all():
            make_stance(suggested, recipient, day=timezone.localdate())
    if why == "deleted":
        Campaign.objects.update(deleted_at=timezone.now())
    if why == "erased":
        Supporter.objects.get().erase()

    assert after(15) == []


def test_nobody_is_asked_while_the_letter_still_waits_for_one_of_them(
    suggested, work, after
):
    letter = confirmed(suggested)
    waiting = Recipient.objects.filter(deliveries=letter.deliveries.last())
    waiting.update(rhythm=Recipient.Rhythm.PAUSED)
    work()

    assert after(15) == []
    waiting.update(rhythm=Recipient.Rhythm.EACH)
    work()
    assert after(13) == []
    assert len(after(1)) == 1


def test_the_days_begin_when_the_last_of_them_left(suggested, work, after):
    letter = confirmed(suggested)
    work()
    last = letter.deliveries.last()
    later = last.settled_at + timedelta(days=3)
    Delivery.objects.filter(pk=last.pk).update(settled_at=later)

    assert after(16) == []
    assert len(after(1)) == 1
