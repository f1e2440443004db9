"""An official gets so many letters an hour, and in office hours, if they have any."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from letters.models import Delivery, Letter, Recipient
from letters.recipients.office_hours import OfficeHours
from letters.recipients.pace import take_turn
from outbox.models import Outcome, OutgoingMail
from staff.models import Alert
from tests.factories import make_campaign, make_letter, make_recipients, make_staff
from tests.letters.makers import confirmed, states, sweep
from tests.staff.forms import fill_in

pytestmark = pytest.mark.django_db
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
# Clocks go forward on the Sunday after it.
THURSDAY = datetime(2030, 3, 7, 15, 30, tzinfo=LOS_ANGELES)


@pytest.fixture
def council(settings):
    """Two in Los Angeles, who get 20 letters an hour."""
    settings.LETTERS_AN_HOUR = 20
    recipients = make_recipients(2)
    recipients.timezone = "America/Los_Angeles"
    recipients.save()
    return recipients


def deliveries_of(recipients, letters):
    """So many letters to each of them, on their way."""
    suggested = make_letter(make_campaign(), recipients=recipients)
    now = timezone.now()
    made = Letter.objects.bulk_create(
        Letter(
            suggested_letter=suggested,
            confirmed_at=now,
            anonymised_at=now,
            receipt_key=None,
        )
        for _number in range(letters)
    )
    Delivery.objects.bulk_create(
        Delivery(letter=letter, recipient=r)
        for letter in made
        for r in recipients.recipients.all()
    )
    OutgoingMail.objects.queue_many(
        "letter", Delivery.objects.order_by("pk").values_list("pk", "recipient__email")
    )
    of_mail = OutgoingMail.objects.about("letter", OuterRef("pk"))
    Delivery.objects.update(mail=Subquery(of_mail.values("pk")))
    return list(read_anew())


def read_anew():
    rows = Delivery.objects.select_related("recipient__list", "mail")
    return rows.order_by("pk")


def turns(deliveries):
    """When each of them has its turn, by the clocks of Los Angeles."""
    now = timezone.now()
    told = [
        take_turn(delivery.mail, delivery.recipient, in_office_hours=True)
        for delivery in deliveries
    ]
    saved = read_anew().filter(pk__in=[d.pk for d in deliveries])
    assert [turn or now for turn in told] == [d.turn_at for d in saved]
    return [d.turn_at.astimezone(LOS_ANGELES) for d in saved]


def test_nobody_gets_more_than_they_chose_nor_out_of_hours(council):
    deliveries = deliveries_of(council, 300)
    with time_machine.travel(THURSDAY, tick=False):
        taken = list(zip(deliveries, turns(deliveries), strict=True))

    for recipient in council.recipients.all():
        own = [turn for delivery, turn in taken if delivery.recipient == recipient]
        assert own == sorted(own)  # who wrote first is read first
        assert own[0] == THURSDAY
        assert all(time(9) <= turn.time() < time(17) for turn in own)
        assert all(turn.weekday() < 5 for turn in own)
        apart = [after - before for before, after in pairwise(own)]
        assert min(apart) >= timedelta(minutes=3)
        assert len(set(apart)) > 100  # and not like clockwork
        # 1.5 hours are left on Thursday; Friday has eight, and so have Monday, Tuesday.
        assert own[-1].date() == date(2030, 3, 12)


def test_a_turn_that_has_passed_unused_is_taken_anew(council):
    deliveries = deliveries_of(council, 30)
    with time_machine.travel(THURSDAY, tick=False):
        turns(deliveries)
    later = THURSDAY.replace(day=8, hour=12)  # the workers were away for a day
    with time_machine.travel(later, tick=False):
        again = turns(deliveries)

    assert again[0] == later
    first = [turn for turn in again[::2] if turn < later + timedelta(hours=1)]
    assert len(first) <= 20


def test_two_workers_at_one_letter_take_one_turn(council):
    [delivery, *_others] = deliveries_of(council, 1)
    [same, *_others] = read_anew()
    with time_machine.travel(THURSDAY, tick=False):
        take_turn(delivery.mail, delivery.recipient, in_office_hours=True)
        # Read before the first one had its turn, by a worker with a stale lease.
        take_turn(same.mail, same.recipient, in_office_hours=True)

    assert same.turn_at == delivery.turn_at == THURSDAY
    official = Recipient.objects.get(pk=delivery.recipient_id)
    assert official.next_letter_at == THURSDAY + timedelta(minutes=3)


def test_letters_of_two_campaigns_take_turns_with_one_official(
    relay, work, council, time_machine
):
    time_machine.move_to(THURSDAY.replace(hour=20), tick=False)
    here = confirmed(make_letter(recipients=council))
    later = make_letter(make_campaign(), recipients=council, in_office_hours=True)
    there = confirmed(later, email="bo@mail.example")
    work()

    assert states(here) == ["handed to our mail service: 250 2.0.0 queued as 4711"] * 2
    for delivery in there.deliveries.all():
        assert delivery.turn_at.astimezone(LOS_ANGELES) == THURSDAY.replace(
            day=8, hour=9, minute=0
        )


def test_the_writer_reads_when_it_is_about_to_leave(relay, work, client, council):
    suggested = make_letter(recipients=council)
    first = confirmed(suggested)
    work()

    second = confirmed(suggested, email="bo@mail.example")
    work()

    assert states(first) == ["handed to our mail service: 250 2.0.0 queued as 4711"] * 2
    assert [s.split(",")[0] for s in states(second)] == ["waiting for its turn"] * 2
    assert "Waiting for its turn, probably on" in client.get(second.done_url).text

    OutgoingMail.objects.open().update(due_at=timezone.now())
    work()
    assert states(second) == states(first)


def test_who_complains_gets_nothing_until_a_person_has_decided(relay, work, client):
    suggested = make_letter(recipients=make_recipients(2))
    before = confirmed(suggested)
    before.deliveries.order_by("pk")[0].recipient.note_complaint()
    work()
    after = confirmed(suggested, email="bo@mail.example")
    work()

    outcomes = before.deliveries.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["", Outcome.SENT]
    assert [d.label for d in after.deliveries.all()] == ["Council Member, Ward 2"]
    asking = "We are asking this office how it wants to get letters"
    assert asking.lower() in client.get(before.done_url).text.lower()
    page = client.get(suggested.get_absolute_url()).text
    assert "Council Member, Ward 1 has asked for fewer letters" in page
    client.force_login(make_staff("cy", "Campaigners"))
    assert "Council Member, Ward 1 marked one of our letters" in (
        client.get("/admin/inbox/alerts/").text
    )

    official = suggested.recipient_list.recipients.first()
    assert fill_in(client, official.admin_url, complained_at="").status_code == 302
    work()
    assert all(d.left_at for d in before.deliveries.all())


def test_who_waits_a_week_because_of_a_complaint_gets_the_text_back(
    relay, work, mailbox
):
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    [recipient] = letter.suggested_letter.recipient_list.recipients.all()
    recipient.note_complaint()
    work()
    sweep()
    assert states(letter)[0].startswith("not sent yet: we are asking this office")

    type(recipient).objects.update(complained_at=timezone.now() - timedelta(days=8))
    sweep()
    work()

    assert states(letter) == [
        "not sent: the campaign stopped it, so this office did not get it"
    ]
    assert mailbox.last()["Subject"] == "Your letter did not arrive"


def test_of_every_complaint_that_is_noted_somebody_is_told(monkeypatch):
    recipient = make_recipients(1).recipients.get()

    def die(*args, **kwargs):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(Alert.objects, "sound", die)
        with pytest.raises(OSError):
            recipient.note_complaint()
    for _again in range(2):  # the provider reports it again
        recipient.note_complaint()
    assert Alert.objects.get().kind == "complaint"

    type(recipient).objects.update(complained_at=None)  # a person has decided
    recipient.note_complaint()
    assert Alert.objects.count() == 2


def test_office_hours_are_those_of_the_place_also_when_clocks_change():
    hours = OfficeHours(LOS_ANGELES)
    friday_evening = datetime(2030, 3, 9, 1, 30, tzinfo=UTC)  # 17:30 there

    opens = hours.next_open(friday_evening)

    assert opens == datetime(2030, 3, 11, 16, 0, tzinfo=UTC)  # 9:00, summer time
    assert hours.next_open(opens) == opens
