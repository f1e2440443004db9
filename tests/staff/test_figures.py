"""A campaign over time: the numbers are those of the rows, for whoever may see them."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.models import PageViews
from database import statement_timeout
from letters.models import Delivery, Letter
from petitions.models import Petition, ReferralDayCount, Signature, TallyEntry
from reporting.figures import OverTime, Period, start_of, today
from tests.factories import (
    make_comment,
    make_letter,
    make_paper,
    make_petition,
    make_recipients,
    make_staff,
    sign,
)
from tests.letters.makers import confirmed, make_one_of_each
from tests.rooms import with_paper

pytestmark = pytest.mark.django_db
KEYS = ["views", "signatures", "countries", "links"]
LETTER_KEYS = ["written", "letters", "recipients"]


@pytest.fixture
def petition():
    return make_petition(opens_at=timezone.now() - timedelta(days=400))


@pytest.fixture
def bo(client):
    client.force_login(make_staff("bo", "Campaigners"))


def page_of(petition):
    return f"/admin/campaigns/campaign/{petition.campaign.pk}/figures/"


def table(client, petition, key, **query):
    """The rows of a table's file, by their first cell; without its header."""
    path = page_of(petition)
    answer = client.get(path, {"csv": key, **query})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(answer.getvalue().decode().splitlines()))
    return {name: numbers for name, *numbers in rows[1:]}


def at(day, hour=12, minute=0, second=0):
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def signed(petition, moment, **fields):
    signature = sign(
        petition, email=f"p{Signature.objects.count()}@x.example", **fields
    )
    signature.confirm()
    Signature.objects.filter(pk=signature.pk).update(created_at=moment)
    petition.tally.exclude(commitment=None).update(at=moment, signed_at=moment)
    TallyEntry.roll_up()
    return signature


def test_signatures_are_counted_by_day_and_a_period_ends_at_midnight(
    client, bo, petition
):
    for moment in (at(1, 23, 59, 59), at(2, 0), at(3, 23, 59, 59), at(4, 0)):
        signed(petition, moment, country="PT")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE petitions_referraldaycount SET signed = counted + 1"
                " WHERE day = %s",
                [moment.date()],
            )
    Petition.objects.update(signed_noted_until=timezone.now())

    period = {"since": "2026-03-02", "until": "2026-03-03"}
    rows = table(client, petition, "signatures", **period)
    countries = table(client, petition, "countries", **period)
    links = table(client, petition, "links", **period)

    assert rows == {"2026-03-03": ["2", "1", "0"], "2026-03-02": ["2", "1", "0"]}
    assert countries == {"Portugal": ["2", "100.0"]}
    assert list(links.values()) == [["2", "4"]]
    everything = table(client, petition, "countries", days="all")
    assert everything == {"Portugal": ["4", "100.0"]}


def test_who_never_confirmed_stays_in_the_number_of_the_day(
    client, petition, time_machine
):
    bo = make_staff("bo", "Campaigners")
    day, midnight = today().isoformat(), today() + timedelta(days=1)
    for number in range(3):
        sign(petition, email=f"p{number}@mail.example")
    time_machine.move_to(start_of(midnight) + timedelta(minutes=5), tick=False)
    client.force_login(bo)
    assert table(client, petition, "signatures", days="7")[day][0] == "3"

    ReferralDayCount.note_signed()
    Signature.objects.all().delete()
    ReferralDayCount.note_signed()
    time_machine.move_to(start_of(midnight) + timedelta(days=20), tick=False)
    client.force_login(bo)

    rows = table(client, petition, "signatures", days="30")
    assert rows[day] == ["3", "0", "0"]
    assert len(rows) == 30


@with_paper
def test_names_on_paper_stand_in_all_time(client, bo, petition):
    batch = make_paper(petition, "Jane Roe", "John Doe")
    batch.count(make_staff("other"))
    TallyEntry.roll_up()

    assert table(client, petition, "countries", days="all") == {
        "United Kingdom": ["2", "100.0"]
    }
    assert table(client, petition, "signatures")[f"{today()}"] == ["0", "2", "0"]


def test_views_and_comments_are_counted_by_day(client, bo, petition):
    for page, number in (("campaign", 5), ("sign", 2)):
        PageViews.objects.create(
            campaign=petition.campaign, page=page, day=date(2026, 3, 2), number=number
        )
    make_comment(petition.campaign, created_at=at(2))
    make_comment(petition.campaign, created_at=at(1, 23, 59, 59))

    period = {"since": "2026-03-02", "until": "2026-03-02"}

    views = table(client, petition, "views", **period)
    assert views == {"2026-03-02": ["7", "5", "2", "0", "0", "0", "0"]}
    comments = table(client, petition, "comments", **period)
    assert comments == {"2026-03-02": ["1", "1", "0", "0"]}


def test_letters_are_counted_by_their_state_and_recipient(client, bo):
    letter = make_one_of_each()
    petition = make_petition(letter.campaign)
    Delivery.objects.update(queued_at=at(2))
    Letter.objects.update(created_at=at(2), confirmed_at=at(2))
    answered = Delivery.objects.get(was_answered=True)
    Delivery.objects.filter(pk=answered.pk).update(settled_at=at(2), answered_at=at(7))
    elsewhere = make_letter(recipients=make_recipients(1, name="Elsewhere"))
    confirmed(elsewhere, text="Something else.")
    period = {"since": "2026-03-02", "until": "2026-03-02"}

    states = table(client, petition, "letters", **period)

    # answered, came back, refused, not delivered, stopped, accepted, handed over,
    # may have arrived, waiting
    assert states == {"2026-03-02": ["1", "1", "1", "1", "1", "1", "1", "1", "2"]}
    assert table(client, petition, "written", **period) == {"2026-03-02": ["1", "1"]}
    recipients = table(client, petition, "recipients", **period)
    assert len(recipients) == 10
    assert recipients[answered.label] == ["1", "1", "0", "0", "1"]


def test_a_cell_is_no_formula(client, bo, petition):
    petition.referral_links.create(name="=1+1", code="flyer")
    signed(petition, timezone.now(), referral_code="flyer")

    assert table(client, petition, "links")["'=1+1"] == ["1", "1"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": "yesterday"}, "Enter a day like 2026-11-25."),
        ({"since": "2026-02-30"}, "Enter a day like 2026-11-25."),
        ({"since": "a\x00b", "until": "2026-01-01"}, "Enter a day like 2026-11-25."),
        ({"since": "0001-01-01"}, "Choose a day after the year 1999."),
        ({"since": "9999-12-31"}, "Choose a day that is not in the future."),
        (
            {"since": "2026-03-02", "until": "2026-03-01"},
            "Choose a day that is not before",
        ),
        ({"until": "<script>"}, "Enter a day like 2026-11-25."),
    ],
)
def test_days_that_make_no_period_are_kept_and_explained(
    client, bo, petition, typed, said
):
    page = client.get(page_of(petition), typed)

    assert page.status_code == 200
    assert said in page.text
    assert "Below are the last 30 days." in page.text
    assert "<script>" not in page.text.partition("<form")[2].partition("</form>")[0]
    form = page.context["form"]
    for name, value in typed.items():
        assert form[name].value() == value


@pytest.mark.parametrize("query", [{"days": "x"}, {"days": ""}, {"csv": "nothing"}])
def test_an_address_that_somebody_made_up_breaks_nothing(client, bo, petition, query):
    status = 404 if "csv" in query else 200

    assert client.get(page_of(petition), query).status_code == status


def test_a_moderator_sees_what_is_theirs(client, petition):
    make_letter(petition.campaign)
    client.force_login(make_staff("cy", "Moderators"))

    page = client.get(page_of(petition))

    shown = [table.key for table in page.context["tables"]]
    assert shown == [*KEYS, "written", "comments"]
    for key in LETTER_KEYS[1:]:
        assert client.get(page_of(petition), {"csv": key}).status_code == 404
    client.force_login(make_staff("nobody"))
    assert client.get(page_of(petition)).status_code == 403


def test_a_campaigners_page_has_every_table_and_its_file(client, bo, petition):
    make_letter(petition.campaign)

    page = client.get(page_of(petition))

    shown = [table.key for table in page.context["tables"]]
    assert shown == [*KEYS, *LETTER_KEYS, "comments"]
    for key in shown:
        table(client, petition, key)
    assert "Nothing on these days." in page.text
    assert client.post(page_of(petition)).status_code == 405


def test_what_takes_too_long_is_stopped_and_said(client, bo, petition, monkeypatch):
    monkeypatch.setattr(statement_timeout, "MOST_SECONDS", 0.001)

    page = client.get(page_of(petition))

    assert page.status_code == 200
    assert "This took too long, so we stopped it." in page.text
    assert "This took too long" in client.get(page_of(petition), {"csv": "links"}).text


def test_long_periods_are_drawn_by_week():
    numbers = {date(2020, 1, 1): 1, date(2020, 1, 31): 2, date(2020, 2, 1): 4}

    def drawn(last):
        found = OverTime({"Signed": numbers}, Period(None, last))
        assert sum(found.totals) == 7
        return found.by_week, found.rows[-1], len(found.rows)

    assert drawn(date(2020, 4, 1)) == (False, (date(2020, 1, 1), (1,)), 92)
    assert drawn(date(2020, 4, 2)) == (True, (date(2020, 1, 1), (1,)), 14)
    assert drawn(date(2026, 12, 31)) == (True, (date(2020, 1, 1), (1,)), 366)
