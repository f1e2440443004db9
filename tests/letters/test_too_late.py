"""Confirmed letters that can leave no more: the campaign ended, or the office did."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import Delivery, Letter, Recipient
from letters.sending.mails import OneLetter, SeveralLetters
from outbox.models import Outcome
from tests.factories import make_letter, make_recipients
from tests.letters.makers import NOON, confirmed, settle, states, sweep, unchanged
from tests.letters.test_follow_up import handed_over, press
from tests.letters.test_together import to_officials

pytestmark = pytest.mark.django_db
ENDED = "not sent: the campaign ended before it could leave"
LEFT = "not sent: they no longer hold this office"


def end(what):
    """End the campaign, or the term of one of its officials."""
    if what == "campaign":
        a_moment_ago = timezone.now() - timedelta(seconds=1)
        Campaign.objects.update(closed_at=a_moment_ago)
    else:
        Recipient.objects.filter(order=1).update(left_office_on=date(2030, 3, 6))


@pytest.fixture
def council(suggested):
    """One official, whose letters wait for the morning."""
    council = suggested.recipient_list
    council.timezone = "America/Los_Angeles"  # NOON is early morning there
    council.save()
    suggested.in_office_hours = True
    suggested.save()
    return council


@pytest.mark.parametrize(("what", "why"), [("campaign", ENDED), ("term", LEFT)])
@pytest.mark.parametrize("write", [confirmed, lambda s: unchanged(s, "Ada")])
def test_what_waits_at_the_end_does_not_leave_and_its_writer_gets_the_text(
    client, relay, work, suggested, council, *, move_to, what, why, write
):
    letter = write(suggested)
    work()
    end(what)

    move_to(NOON + timedelta(minutes=1))

    assert states(letter) == [why]
    told = relay.taken[-1][3]
    assert told["Subject"] == "Your letter did not arrive"
    text = told.get_body(("plain",)).get_content()
    assert why.capitalize() in text or why in text
    assert "Please help." in text
    assert "campaign-1/letter/" not in text.split("Subject:")[0]
    assert why.capitalize() in client.get(letter.done_url).text
    move_to(NOON + timedelta(days=7))
    assert to_officials(relay) == []
    assert [m[3]["Subject"] for m in relay.taken].count(told["Subject"]) == 1


@pytest.mark.parametrize("what", ["campaign", "term"])
@pytest.mark.parametrize(
    ("purpose", "write"),
    [(OneLetter, confirmed), (SeveralLetters, lambda s: unchanged(s, "Ada"))],
)
def test_what_ends_just_before_the_last_dot_does_not_leave(
    relay, work, suggested, move_to, *, monkeypatch, what, purpose, write
):
    letter = write(suggested)
    if purpose is SeveralLetters:
        work()
    compose = purpose.compose

    def composed(self, mail):
        content = compose(self, mail)
        end(what)
        return content

    monkeypatch.setattr(purpose, "compose", composed)
    move_to(NOON + timedelta(days=1))
    move_to(NOON + timedelta(days=1, minutes=2))

    assert to_officials(relay) == []
    assert states(letter) == [ENDED if what == "campaign" else LEFT]


def test_nobody_sends_again_what_the_end_has_stopped(suggested, work):
    letter = confirmed(suggested)
    end("campaign")
    sweep()

    assert not Delivery.objects.get().retry()
    assert states(letter) == [ENDED]


def test_what_people_have_stopped_says_so_after_the_end(suggested):
    letter = confirmed(suggested)
    Delivery.objects.get().stop()
    end("campaign")
    end("term")
    sweep()

    [state] = states(letter)
    assert state.startswith("not sent: the campaign stopped it")


@pytest.mark.parametrize("how", ["left", "refused", "came back"])
def test_whoever_does_not_get_it_is_not_named_to_the_others(relay, work, how):
    letter = confirmed(make_letter(recipients=make_recipients(3)))
    first = letter.deliveries.order_by("pk").first()
    if how == "left":
        end("term")
    else:
        settle(first, Outcome.REFUSED if how == "refused" else Outcome.SENT)
        bounced = timezone.now() if how == "came back" else None
        Delivery.objects.filter(pk=first.pk).update(bounced_at=bounced)
    work()

    texts = [m.as_string() for _s, to, _c, m in relay.taken if "council" in to]
    assert len(texts) == 2
    for text in texts:
        assert "Ward 1" not in text
        assert "Ward 2" in text
        assert "Ward 3" in text


def test_at_night_it_waits_for_office_hours_and_not_for_the_hourly_limit(
    client, relay, work, suggested, council, *, settings
):
    settings.LETTERS_AN_HOUR = 20
    letters = [confirmed(suggested, email=f"{n}@mail.example") for n in range(2)]
    work()

    for letter in letters:
        assert "it leaves in office hours, probably on" in states(letter)[0]
        assert "we limit how many" not in client.get(letter.done_url).text


def test_a_follow_up_does_not_go_to_whoever_leaves_after_it_was_sent(
    client, mailbox, work
):
    letter = handed_over(confirmed())
    press(client, letter)
    end("term")
    sweep()
    work()

    assert [mail["To"] for mail in mailbox.messages if "ward1@" in mail["To"]] == []
    follow_up = Letter.objects.get(follow_of=letter)
    assert states(follow_up)[0] == LEFT
    assert LEFT in client.get(letter.done_url).text
