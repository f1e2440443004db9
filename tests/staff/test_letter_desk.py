"""The desk: what waits and why, and what Bo can do about it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from database.moments import day_and_hour
from letters.models import (
    Delivery,
    Letter,
    Recipient,
    ReportedLetter,
    SuggestedLetter,
)
from staff.models import User
from tests.factories import make_campaign, make_letter, make_recipients, make_staff
from tests.letters.makers import (
    confirmed,
    due_again,
    make_one_of_each,
    states,
    write,
)
from tests.staff.forms import change_page, decide, run_action

pytestmark = pytest.mark.django_db
DELIVERIES = "/admin/letters/delivery/"
LETTERS = "/admin/letters/letter/"
SUGGESTED = "/admin/letters/suggestedletter/"
HANDED_OVER = "handed to our mail service: 250 OK"


@pytest.fixture(autouse=True)
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))


def listed(client, path=DELIVERIES, **filters):
    page = client.get(path, filters)
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def test_what_failed_is_sent_again_and_what_was_handed_over_is_not(
    client, mailbox, work
):
    mailbox.refuse("ward2@council.example", "550 5.7.1 not you")
    letter = confirmed()
    work()
    mailbox.clear()

    said = run_action(client, DELIVERIES, "retry", *letter.deliveries.all())
    work()

    assert "1 delivery queued again." in said.text
    assert states(letter) == [HANDED_OVER] * 3
    assert [m.envelope_to for m in mailbox.messages] == [["ward2@council.example"]]
    again = run_action(client, DELIVERIES, "retry", *letter.deliveries.all())
    assert "There is nothing to do for these." in again.text


def test_it_goes_to_the_address_of_today_and_not_to_who_has_left(client, mailbox, work):
    for ward in (1, 2):
        mailbox.refuse(f"ward{ward}@council.example", "550 no")
    letter = confirmed(make_letter(recipients=make_recipients(2)))
    work()
    mailbox.clear()
    first, second = letter.suggested_letter.recipient_list.recipients.all()
    Recipient.objects.filter(pk=first.pk).update(email="new@council.example")
    Recipient.objects.filter(pk=second.pk).update(left_office_on="2026-01-01")

    said = run_action(client, DELIVERIES, "retry", *letter.deliveries.all())
    work()

    assert "1 delivery queued again." in said.text
    assert [m.envelope_to for m in mailbox.messages] == [["new@council.example"]]


def test_what_waits_is_stopped_and_its_writer_gets_the_text_back_once(
    client, mailbox, work
):
    letter = confirmed()

    said = run_action(client, DELIVERIES, "stop", *letter.deliveries.all())
    again = run_action(client, DELIVERIES, "stop", *letter.deliveries.all())
    work()

    assert "3 deliveries stopped. These offices do not get the letter." in said.text
    assert "There is nothing to do for these." in again.text
    assert (
        states(letter)
        == ["not sent: the campaign stopped it, so this office did not get it"] * 3
    )
    assert [m["To"] for m in mailbox.messages] == ["ada@mail.example"] * 3
    backs = [m for m in mailbox.messages if "did not arrive" in m["Subject"]]
    assert len(backs) == 1


def test_a_paused_campaign_waits_and_leaves_when_it_is_resumed(client, mailbox, work):
    here, other = (
        make_letter(),
        make_letter(make_campaign(), recipients=make_recipients(1, "B")),
    )
    said = run_action(client, SUGGESTED, "pause", here)
    letter, others = confirmed(here), confirmed(other, email="b@mail.example")
    work()

    assert "Paused. Letters wait, and none is lost." in said.text
    waiting = Letter.objects.get(pk=letter.pk)
    assert states(waiting) == ["not sent yet: the campaign has paused its letters"] * 3
    assert states(others) == [HANDED_OVER]
    assert len(listed(client, state="paused")) == 3
    mailbox.clear()
    work()
    assert not any("council" in m["To"] for m in mailbox.messages)

    run_action(client, SUGGESTED, "resume", here)
    work()

    assert states(letter) == [HANDED_OVER] * 3
    assert listed(client, state="paused") == []


def test_when_each_leaves_is_told_on_its_campaigns_clocks(client):
    later = timezone.now() + timedelta(days=2)
    letter = confirmed(make_letter(make_campaign(timezone="Asia/Seoul")))
    letter.deliveries.update(due_at=later)

    page = client.get(DELIVERIES)

    assert page.text.count(day_and_hour(later, ZoneInfo("Asia/Seoul"))) >= 3


@pytest.mark.parametrize(
    ("state", "wards"),
    [
        ("paused", []),
        ("waiting", [1, 2]),
        ("handed", [3, 10]),
        ("accepted", [4]),
        ("maybe", [5]),
        ("refused", [6]),
        ("bounced", [7]),
        ("gave-up", [8]),
        ("stopped", [9]),
        ("answered", [10]),
        ("nonsense", list(range(1, 11))),
    ],
)
def test_deliveries_are_found_by_their_state(client, state, wards):
    make_one_of_each()

    found = [d.email for d in listed(client, state=state)]

    assert sorted(found) == sorted(f"ward{ward}@council.example" for ward in wards)


def test_the_letters_of_one_campaign_lead_to_its_figures(client):
    suggested = confirmed().suggested_letter
    client.force_login(make_staff("root", is_superuser=True))
    figures = f"/admin/campaigns/campaign/{suggested.campaign_id}/figures/"

    listed = client.get(LETTERS, {"suggested_letter__id__exact": suggested.pk}).text

    assert f'<a href="{figures}">All figures</a>' in listed
    assert client.get(figures).status_code == 200
    assert "All figures" not in client.get(LETTERS).text


def test_deliveries_are_found_by_campaign_letter_and_address(client):
    one = confirmed()
    recipients = make_recipients(2, "Other")
    recipients.recipients.filter(order=1).update(email="clerk@other.example")
    two = confirmed(make_letter(recipients=recipients), email="b@mail.example")

    by_campaign = listed(
        client, letter__suggested_letter__id__exact=one.suggested_letter_id
    )
    by_letter = listed(client, q=str(two.pk))
    by_address = listed(client, q="clerk@other.example")

    assert {d.letter_id for d in by_campaign} == {one.pk}
    assert [d.letter_id for d in by_letter] == [two.pk] * 2
    assert [d.email for d in by_address] == ["clerk@other.example"]


def test_a_letter_is_read_with_its_text_and_changed_by_nobody(client):
    letter = write(held_for="flood")

    page = client.get(change_page(LETTERS, letter))
    client.post(change_page(LETTERS, letter), {"text": "Something else"})

    assert "Please help." in page.text
    assert 'name="text"' not in page.text
    letter.refresh_from_db()
    assert letter.text.startswith("Dear Council:")


def test_a_moderator_releases_one_held_letter_and_rejects_another(
    client, mailbox, work
):
    client.force_login(make_staff("cy", "Moderators"))
    suggested = make_letter()
    one = write(suggested, held_for="flood", email="one@mail.example")
    two = write(suggested, held_for="flood", email="two@mail.example")

    decide(client, LETTERS, "release", one)
    asked = run_action(client, LETTERS, "reject", two)
    assert "We reject 1 held item, and ask nobody to confirm it." in asked.text
    assert Letter.objects.held().get() == two
    decide(client, LETTERS, "reject", two, opened=asked)
    twice = run_action(client, LETTERS, "release", one, two)
    work()

    assert "Nothing will change. None of these is waiting for a decision." in twice.text
    assert [m["To"] for m in mailbox.messages] == ["one@mail.example"]
    assert listed(client, LETTERS, state="held") == []


def test_a_preview_shows_what_each_recipient_gets_and_a_test_comes_to_bo(
    client, mailbox, work
):
    recipients = make_recipients(2)
    recipients.recipients.filter(order=1).update(salutation="Dear Mayor Hall:")
    suggested = make_letter(
        recipients=recipients,
        body="[Salutation]\n\nPlease help.\n\n[Your Name & City/Country]",
    )
    User.objects.update(email="bo@site.example")

    page = client.get(f"{SUGGESTED}{suggested.pk}/preview/")
    client.post(f"{SUGGESTED}{suggested.pk}/test/")
    work()

    for words in ("Dear Mayor Hall:", "Dear Council Member, Ward 2:"):
        assert words in page.text
        assert sum(words in m.get_content() for m in mailbox.messages) == 1
    assert {m["To"] for m in mailbox.messages} == {"bo@site.example"}
    assert all(m["Subject"].startswith("[Test] ") for m in mailbox.messages)
    assert not Delivery.objects.exists()
    assert SuggestedLetter.objects.get().is_tested


def guide(suggested):
    return reverse("campaign_editor:guided", args=[suggested.campaign.pk])


def test_the_desk_is_not_for_moderators(client, mailbox, work):
    letter = confirmed()
    client.force_login(make_staff("cy", "Moderators"))

    page = client.get(DELIVERIES)
    run_action(client, DELIVERIES, "stop", *letter.deliveries.all())

    assert page.status_code == 403
    due_again()
    work()
    assert states(letter) == [HANDED_OVER] * 3
    # Nor is sending again, of which campaigners cannot send what has arrived.
    letter.deliveries.update(bounced_at="2026-01-01T00:00Z")
    run_action(client, DELIVERIES, "retry", *letter.deliveries.all())
    assert not letter.deliveries.open().exists()
    client.force_login(make_staff("di", "Campaigners"))
    letter.deliveries.filter(label__endswith="1").update(bounced_at=None)
    run_action(client, DELIVERIES, "retry", *letter.deliveries.all())
    assert letter.deliveries.open().count() == 2


def test_letters_of_a_flood_that_their_writers_sent_can_be_counted(client):
    suggested = make_letter()
    for _number in range(2):
        ReportedLetter.objects.report(suggested, held=True)
    held = ReportedLetter.objects.all()
    client.force_login(make_staff("cy", "Moderators"))

    said = run_action(client, "/admin/letters/reportedletter/", "count_held", *held)

    assert "2 letters count now." in said.text
    assert ReportedLetter.objects.counted().count() == 2
