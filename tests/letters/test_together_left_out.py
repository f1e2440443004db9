"""Who is not in the mail that takes letters together."""

from datetime import date, timedelta

import pytest

from letters.models import (
    Letter,
    Recipient,
)
from letters.sending import mails
from letters.sending.mails import SeveralLetters
from outbox.models import OutgoingMail
from tests.letters.makers import NOON, states, unchanged
from tests.letters.test_together import (
    TAKEN,
    to_officials,
)

pytestmark = pytest.mark.django_db


def test_whoever_is_erased_stopped_or_overtaken_is_not_in_it(
    relay, work, suggested, move_to
):
    names = ("Ada", "Bo", "Cy", "Di")
    ada, bo, cy, di = (unchanged(suggested, name) for name in names)
    work()
    Letter.objects.filter(pk=ada.pk).erase()
    assert bo.deliveries.get().stop()

    move_to(NOON + timedelta(days=1))

    [(subject, text)] = to_officials(relay)
    assert subject.endswith("from 2 people)")
    assert "Ada, " not in text
    assert "Bo, " not in text
    assert states(cy) == states(di) == [TAKEN]

    unchanged(suggested, "Ed")
    work()
    suggested.stances.create(
        recipient=Recipient.objects.get(),
        kind="supports",
        day=date(2030, 3, 7),
        source="Letter",
    )
    move_to(NOON + timedelta(days=2))
    assert len(to_officials(relay)) == 1
    assert not OutgoingMail.objects.open().filter(purpose="letters").exists()


@pytest.mark.parametrize("what", ["erased", "stopped"])
def test_who_goes_just_before_the_last_dot_is_not_in_it(
    relay, work, suggested, move_to, *, monkeypatch, what
):
    ada, bo, cy = (unchanged(suggested, name) for name in ("Ada", "Bo", "Cy"))
    work()
    compose = SeveralLetters.compose

    def composed(purpose, mail):
        content = compose(purpose, mail)
        monkeypatch.undo()
        if what == "erased":
            Letter.objects.filter(pk=bo.pk).erase()
        else:
            assert bo.deliveries.get().stop()
        return content

    monkeypatch.setattr(SeveralLetters, "compose", composed)
    move_to(NOON + timedelta(days=1))

    [(subject, text)] = to_officials(relay)
    assert "(one letter from 2 people)" in subject
    assert "Bo, " not in text
    assert states(ada) == states(cy) == [TAKEN]


def test_what_waits_for_a_campaign_or_leaves_office_is_left_out(
    relay, work, suggested, move_to
):
    letter = unchanged(suggested, "Ada")
    work()
    suggested.pause()
    move_to(NOON + timedelta(days=1))
    letter = Letter.objects.get()
    assert states(letter) == ["not sent yet: the campaign has paused its letters"]
    suggested.resume()
    move_to(NOON + timedelta(days=1, minutes=1))
    letter = Letter.objects.get()
    assert "probably on 8 March 2030" in states(letter)[0]

    Recipient.objects.update(left_office_on=date(2030, 3, 7))
    move_to(NOON + timedelta(days=2))

    assert to_officials(relay) == []
    assert states(letter) == ["not sent: they no longer hold this office"]
    assert relay.taken[-1][3]["Subject"] == "Your letter did not arrive"


def test_more_than_fit_wait_for_the_next_one(
    relay, work, suggested, move_to, monkeypatch
):
    monkeypatch.setattr(mails, "MOST_LETTERS", 2)
    letters = [unchanged(suggested, name) for name in ("Ada", "Bo", "Cy", "Di")]
    work()

    move_to(NOON + timedelta(days=1))
    move_to(NOON + timedelta(days=1, hours=1))
    assert len(to_officials(relay)) == 1
    assert "probably on 8 March 2030" in states(letters[2])[0]
    move_to(NOON + timedelta(days=2))

    assert [text.count("\nCy, Porto\n") for _s, text in to_officials(relay)] == [0, 1]
