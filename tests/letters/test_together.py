"""Unchanged letters leave together, and officials get mail as often as they choose."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from letters.models import (
    Delivery,
    Letter,
    Recipient,
)
from letters.recipients.office_hours import OfficeHours
from outbox.models import OutgoingMail
from tests.factories import (
    LETTER,
    make_letter,
    make_recipients,
    make_staff,
    prove,
)
from tests.letters.makers import NOON, confirmed, states, unchanged
from tests.staff.forms import run_action

pytestmark = pytest.mark.django_db
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
TO = "ward1@council.example"
TAKEN = "handed to our mail service: 250 2.0.0 queued as 4711"


def choose(rhythm):
    Recipient.objects.get().choose_rhythm(rhythm)


def open_mail():
    return OutgoingMail.objects.open().get(purpose="letters")


def to_officials(relay):
    """The mails to officials: (subject, text) of each."""
    found = [m for _s, to, _c, m in relay.taken if to.endswith("council.example")]
    return [(m["Subject"], m.get_content().replace("\r", "")) for m in found]


def test_unchanged_letters_are_one_letter_with_all_names(
    relay, work, suggested, move_to, settings
):
    settings.CONTACT_EMAIL = "hello@campaign.example"
    settings.CONTROLLER = "Our Group, 1 High Street, Porto"
    first = unchanged(suggested, "Ada Lovelace", "London")
    unchanged(suggested, "Bo Lee")
    unchanged(suggested, "BO  lee", "porto", email="another@mail.example")
    again = unchanged(suggested, "Ada Lovelace", "London")
    work()
    assert to_officials(relay) == []

    move_to(NOON + timedelta(hours=21, minutes=1))

    [(subject, text)] = to_officials(relay)
    assert subject == "Please help (one letter from 3 people)"
    assert text.startswith(
        "Dear Mayor and Council:\n\nPlease help.\n\nThank you.\n\n"
        "Ada Lovelace, London, and 2 more people, named below\n\n"
        "3 people sent this letter:\n\n"
        "Ada Lovelace, London\nBo Lee, Porto (2 people)\n\n-- \n"
    )
    assert "mail.example" not in text
    assert "hello@campaign.example\nOur Group, 1 High Street, Porto\n" in text
    assert "We do not check who they are or where they live." in text
    page = suggested.recipient_list.recipients.get().page_url
    assert text.endswith(f"{page}\n")
    [(sender, _to, content, mail)] = [t for t in relay.taken if t[1] == TO]
    assert b"@mail.example" not in content
    assert mail["Reply-To"] == "hello@campaign.example"
    assert mail["From"].addresses[0].display_name.startswith("3 people via ")
    assert [a.addr_spec for a in mail["To"].addresses] == [TO]
    assert [state.partition(":")[0] for state in states(again)] == ["not sent again"]
    assert sender == first.deliveries.get().mail.bounce_address
    assert first.deliveries.get().sent_as == mail["Message-ID"]
    assert suggested.stances.get().kind == "asked"


def test_one_with_own_words_goes_alone_and_one_that_nobody_else_sends_as_usual(
    relay, work, client, suggested, move_to
):
    here = suggested.get_absolute_url()
    typed = {"subject": "Please help", "body": LETTER, "place": "Porto"}
    preview = {**typed, "name": "Ada", "email": "ada@mail.example"}
    ada = {**preview, "send": ""}
    page = client.get(here).text
    assert "If you add your own sentence, your letter goes in its own email." in page
    assert "data-alone hidden" in page
    # White space is no word.
    spaced = f"\n{LETTER}  ".replace("\n\n", "\n\n\n")
    client.post(here, {**ada, "body": spaced})
    client.post(here, {**ada, "name": "Bo", "own_words": "I love dogs."})
    client.post(here, {**ada, "name": "Cy", "subject": "Help, please"})
    client.post(here, {**ada, "name": "Di", "body": f"Hello.\n\n{LETTER}"})

    one, *others = Letter.objects.order_by("pk")
    assert one.text_digest
    assert [letter.text_digest for letter in others] == [""] * 3
    shown = client.post(here, {**preview, "own_words": "Dogs."}).text
    assert "data-together hidden" in shown
    for letter in (one, others[0]):
        letter.confirm()
    work()
    assert [text.count("I love dogs.") for _s, text in to_officials(relay)] == [1]

    move_to(NOON + timedelta(days=1))
    [_sent, (_sender, _to, _content, mail)] = [t for t in relay.taken if t[1] == TO]
    assert mail["Subject"] == "Please help"
    assert mail["Reply-To"] == "Ada <ada@mail.example>"


def test_a_text_that_was_suggested_when_the_page_was_opened_counts_as_unchanged(
    suggested,
):
    unchanged(suggested, "Ada Lovelace")
    suggested.body = f"New.\n\n{LETTER}"
    suggested.save()

    assert suggested.digest_if_unchanged("Please help", LETTER)
    assert suggested.digest_if_unchanged("Please help", suggested.body)
    assert not suggested.digest_if_unchanged("Please help", f"Mine.\n\n{LETTER}")


def test_each_gets_the_co_signed_letter_with_their_own_salutation(
    relay, work, time_machine, move_to
):
    time_machine.move_to(NOON, tick=False)
    body = "[Salutation]\n\nPlease.\n\nI am [Your Name & City/Country]."
    office = make_recipients(2)
    each = make_letter(recipients=office, body=body)
    unchanged(each, "Please", place="")
    unchanged(each, "Ada")
    work()

    move_to(NOON + timedelta(days=1))

    for ward, (_subject, text) in enumerate(sorted(to_officials(relay)), 1):
        assert text.startswith(
            f"Dear Council Member, Ward {ward}:\n\nPlease.\n\n"
            "I am Please, and 1 more person, named below."
        )


@pytest.mark.parametrize(
    ("is_weekly", "after", "last", "leaves"),
    [
        (False, "2030-03-08T17:00", None, "2030-03-11T09:00"),  # over the weekend
        (False, "2030-03-11T08:59", None, "2030-03-11T09:00"),
        (False, "2030-03-11T09:00", None, "2030-03-12T09:00"),
        # The last one was late: it was tried again, or had to wait for its turn.
        (False, "2030-03-12T08:30", "2030-03-12T08:15", "2030-03-13T09:00"),
        (True, "2030-03-06T12:00", None, "2030-03-11T09:00"),
        (True, "2030-03-04T08:00", "2030-03-04T07:00", "2030-03-11T09:00"),
        (True, "2030-12-30T09:30", "2030-12-30T09:01", "2031-01-06T09:00"),
        (False, "2030-11-01T12:00", None, "2030-11-04T09:00"),  # clocks go back
    ],
)
def test_mail_leaves_when_the_office_opens_by_its_own_clocks(
    is_weekly, after, last, leaves
):
    def there(text):
        return datetime.fromisoformat(text).replace(tzinfo=LOS_ANGELES)

    hours = OfficeHours(LOS_ANGELES)
    found = hours.next_mail_at(
        there(after).astimezone(UTC), last and there(last), is_weekly=is_weekly
    )

    assert found.astimezone(LOS_ANGELES).isoformat()[:16] == leaves
    assert found.tzinfo == UTC


def test_an_office_without_a_time_zone_is_on_the_clocks_of_the_site(
    relay, work, suggested, move_to, settings
):
    settings.TIME_ZONE = "America/Los_Angeles"
    unchanged(suggested, "Ada Lovelace", "London")
    unchanged(suggested, "Bo Lee")
    work()

    move_to(datetime(2030, 3, 6, 8, 59, tzinfo=LOS_ANGELES))
    assert to_officials(relay) == []
    move_to(datetime(2030, 3, 6, 9, 1, tzinfo=LOS_ANGELES))

    assert len(to_officials(relay)) == 1


def test_a_day_s_mail_has_personal_letters_in_full_and_then_the_others(
    relay, work, suggested, move_to
):
    choose("daily")
    forged = "Dogs.\n\n---- 2 / 2 ----\n\nFrom: The Mayor"
    for name in ("Ada Lovelace", "Bo Lee"):
        unchanged(suggested, name)
    late = confirmed(suggested, name="Cy", email="cy@mail.example", text=forged)
    work()
    assert "together with others, probably on 7 March 2030" in states(late)[0]

    move_to(NOON + timedelta(hours=21))

    [(subject, text)] = to_officials(relay)
    assert subject.startswith("Letters from 3 people: ")
    personal, together = text.index("From: Cy"), text.index("From: 2 people")
    assert personal < together
    assert "Reply to: cy@mail.example\nWritten: " in text
    assert "Dogs.\n\n> ---- 2 / 2 ----" in text
    assert "ada@mail.example" not in text
    assert text.count("Please help.\n\nThank you.") == 1
    assert text.endswith(f"{late.deliveries.get().recipient.page_url}\n")


def test_nobody_gets_more_than_one_mail_a_week_also_when_somebody_presses_send_again(
    relay, work, suggested, move_to
):
    choose("weekly")
    relay.takes = "250 ok"
    first = confirmed(suggested)
    work()
    relay.plan[TO] = [("end", "drop after")]
    move_to(NOON + timedelta(days=5))
    relay.plan.clear()
    assert states(first)[0].startswith("may have arrived")

    assert first.deliveries.get().retry()
    work()
    for days in range(5, 11):
        move_to(NOON + timedelta(days=days))
    assert len(to_officials(relay)) == 1
    move_to(NOON + timedelta(days=12))
    assert len(to_officials(relay)) == 2
    assert states(first) == ["handed to our mail service: 250 ok"]


def test_a_mail_that_was_late_and_the_next_one_do_not_come_on_one_day(
    relay, work, suggested, move_to
):
    choose("daily")
    confirmed(suggested)
    work()
    relay.plan[TO] = [("rcpt", "450 later")]
    move_to(NOON + timedelta(hours=21))
    relay.plan.clear()
    # It is tried again on the next day, and not before the office opens.
    move_to(datetime(2030, 3, 8, 6, tzinfo=UTC))
    assert to_officials(relay) == []
    move_to(datetime(2030, 3, 8, 9, 1, tzinfo=UTC))
    assert len(to_officials(relay)) == 1

    confirmed(suggested, name="Bo Lee", email="bo@mail.example")
    work()
    move_to(datetime(2030, 3, 8, 16, 30, tzinfo=UTC))
    assert len(to_officials(relay)) == 1
    move_to(datetime(2030, 3, 12, 9, 30, tzinfo=UTC))
    assert len(to_officials(relay)) == 2


def test_a_mail_of_another_rhythm_is_held_back_just_before_it_leaves(
    relay, work, suggested, move_to
):
    choose("daily")
    confirmed(suggested)
    work()
    move_to(NOON + timedelta(hours=21))
    assert len(to_officials(relay)) == 1
    confirmed(suggested, email="bo@mail.example")
    work()
    # Chosen in the same moment: the next mail is made for the day after.
    Recipient.objects.update(rhythm="weekly")

    move_to(NOON + timedelta(days=2))
    assert len(to_officials(relay)) == 1
    move_to(NOON + timedelta(days=5))
    assert len(to_officials(relay)) == 2


def test_a_choice_holds_for_what_waits_already(relay, work, suggested, move_to):
    choose("weekly")
    letters = [confirmed(suggested), unchanged(suggested, "Bo Lee")]
    work()
    assert open_mail().due_at == datetime(2030, 3, 11, 9, tzinfo=UTC)

    choose("daily")
    move_to(NOON + timedelta(minutes=1))
    assert open_mail().due_at == datetime(2030, 3, 7, 9, tzinfo=UTC)
    choose("paused")
    move_to(NOON + timedelta(days=2))
    waits = (
        "not sent yet: this office wants no letters for now, so the text goes back to "
        "its writer after 7 days"
    )
    assert [s[: len(waits)] for letter in letters for s in states(letter)] == [
        waits
    ] * 2
    assert to_officials(relay) == []

    choose("each")
    move_to(NOON + timedelta(days=2, minutes=1))
    assert [text[:5] for _s, text in to_officials(relay)] == ["Dear "]
    assert states(letters[0]) == [TAKEN]
    assert "together with others" in states(letters[1])[0]


def test_after_a_week_in_which_nothing_was_wanted_the_writer_gets_the_text_back(
    relay, work, client, suggested, move_to
):
    choose("paused")
    page = client.get(suggested.get_absolute_url()).text
    assert "Ward 1 wants no letters for now, so yours waits." in page
    letter = confirmed(suggested)
    Delivery.objects.update(due_at=NOON)

    move_to(NOON + timedelta(days=7))
    assert states(letter)[0].startswith("not sent yet: this office wants no letters")
    move_to(NOON + timedelta(days=7, minutes=1))

    assert states(letter) == ["not sent: this office wanted no letters for 7 days"]
    assert relay.taken[-1][3]["Subject"] == "Your letter did not arrive"
    assert to_officials(relay) == []


def test_it_goes_to_the_address_of_the_day_and_takes_one_turn(
    relay, work, suggested, move_to, settings
):
    settings.LETTERS_AN_HOUR = 60
    letters = [unchanged(suggested, name) for name in ("Ada", "Bo")]
    work()
    Recipient.objects.update(email="new@council.example")

    move_to(NOON + timedelta(days=1))

    assert [d.email for letter in letters for d in letter.deliveries.all()] == [
        "new@council.example"
    ] * 2
    hour = Recipient.objects.get().next_letter_at
    assert hour == NOON + timedelta(days=1, minutes=1)  # 60 an hour: one took its turn


def test_where_each_goes_alone_unchanged_ones_do(relay, work, client, suggested):
    suggested.sends_together = False
    suggested.save()
    unchanged(suggested, "Ada")
    work()

    assert len(to_officials(relay)) == 1
    page = client.get(suggested.get_absolute_url()).text
    assert "together with others" not in page
    assert "with your email address for their replies" in page


def test_a_known_writer_reads_once_and_with_the_day_that_a_letter_waits(
    client, suggested
):
    page = suggested.get_absolute_url()
    waits = "will go together with others, probably on 7 March 2030.</strong>"
    assert waits not in client.get(page).text

    prove(client, confirmed(make_letter(recipients=make_recipients(1, "Other"))))
    known = client.get(page).text

    assert waits in known
    assert "waits for the next email" not in known


def test_writer_and_campaigner_see_until_when_it_waits(
    client, relay, work, suggested, move_to
):
    letter = unchanged(suggested, "Ada Lovelace")
    work()

    waits = "Not sent yet: it leaves together with others, probably on 7 March 2030"
    assert waits in client.get(letter.done_url).text
    copy = relay.taken[-1][3].get_body(("plain",)).get_content()
    copy = copy.replace("\r\n", "\n")
    said = (
        "So it goes in one email with others who did, with everybody’s name and city."
    )
    assert said in " ".join(copy.split())
    assert copy.count("together") == 1
    assert f"\n\n{waits}.\n\n" in copy
    assert "on its way" not in copy
    client.force_login(make_staff("bo", "Campaigners"))
    led = client.get(f"/admin/letters/delivery/?mail__id__exact={open_mail().pk}")
    assert "1 entry" in led.text
    assert (
        "1 delivery stopped. This office does not get the letter."
        in run_action(
            client, "/admin/letters/delivery/", "stop", letter.deliveries.get()
        ).text
    )
