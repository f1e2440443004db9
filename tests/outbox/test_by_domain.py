"""What became of our mails at each domain that receives them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbox.deliverability import by_domain
from outbox.models import OutgoingMail, PausedDomain
from supporters.models import Confirmation
from tests.factories import make_counted, make_petition, make_staff, sign

pytestmark = [pytest.mark.django_db, pytest.mark.some("whether emails arrive")]
PAGE = "/admin/deliverability/domains/"


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    return bo


def mails(domain, number, outcome="sent", days=1, **columns):
    """So many mails to a domain, which ended some days ago."""
    at = timezone.now() - timedelta(days=days)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            purpose="news",
            about=about,
            lane="bulk",
            due_at=at,
            domain=domain,
            address_hash=b"x" * 16,
            settled_at=at,
            outcome=outcome,
            **columns,
        )
        for about in range(number)
    )


def rows(page):
    """The rows of the table: name and numbers."""
    table = page.text.partition('aria-labelledby="domains"')[2].partition("</table>")[0]
    return [
        [
            " ".join(re.sub("<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in re.findall(r"<tr>.*?</tr>", table.partition("<tbody>")[2], re.S)
    ]


def test_staff_see_how_the_mails_to_each_domain_ended(client):
    now = timezone.now()
    mails("a.example", 90, days=20)
    mails("a.example", 60)
    mails("a.example", 20, "refused")
    mails("a.example", 10, bounced_at=now)
    mails("a.example", 10, "given_up", days=20)
    mails("b.example", 2, complained_at=now)
    mails("b.example", 3, "stopped")
    mails("old.example", 9, days=40)
    PausedDomain.objects.create(domain="b.example")

    page = client.get(PAGE, {"domain": "a.example"})

    assert rows(page) == [
        ["All together more fail", "192", "20", "10", "10", "2", "0", "32.6%", "10.0%"],
        ["a.example more fail", "190", "20", "10", "10", "0", "0", "33.3%", "10.0%"],
        ["b.example paused", "2", "0", "0", "0", "2", "0", "0.0%", "–"],
    ]
    days = page.text.partition('aria-labelledby="days"')[2]
    assert days.count("<tr>") == 3
    assert "/admin/outbox/outgoingmail/?domain=a.example" in page.text


def test_staff_see_how_many_confirmed_at_each_domain_and_on_which_day(
    client, monkeypatch
):
    """What was asked on a page, and not by mail, says nothing of mails."""
    monkeypatch.setattr(by_domain, "MOST", 1)
    mails("a.example", 4, days=1)
    mails("a.example", 3, days=2)
    mails("b.example", 2)
    petition = make_petition()
    asked = [("a", 1), ("a", 1), ("a", 2), ("a", 40), ("a", None), ("b", 1)]
    for number, (name, days) in enumerate(asked):
        [signature] = make_counted(petition, email=f"p{number}@{name}.example")
        at = days and timezone.now() - timedelta(days=days)
        Confirmation.objects.filter(pk=signature.confirmation_id).update(sent_at=at)
    waits = sign(petition, email="waits@a.example").confirmation
    Confirmation.objects.filter(pk=waits.pk).update(sent_at=timezone.now())

    page = client.get(PAGE, {"domain": "a.example"})

    assert [(row[0], row[1], row[6]) for row in rows(page)] == [
        ("All together", "9", "4"),
        ("a.example", "7", "3"),
        ("Other domains", "2", "1"),
    ]
    days = [dict(numbers) for _day, numbers in page.context_data["days"]]
    assert [(day["Emails"], day["Confirmed"]) for day in days] == [(4, 2), (3, 1)]


def test_many_domains_are_twenty_rows_and_the_others(client, monkeypatch):
    monkeypatch.setattr(by_domain, "MOST", 2)
    for number, domain in enumerate("cabd", 1):
        mails(f"{domain}.example", number)

    found = rows(client.get(PAGE))

    assert [row[:2] for row in found] == [
        *(["All together", "10"], ["d.example", "4"], ["b.example", "3"]),
        ["Other domains", "3"],
    ]


def test_it_costs_the_same_for_many_domains(client):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(PAGE, {"domain": "d0.example"})
        return len(asked)

    mails("d0.example", 1)
    statements()
    few = statements()
    for number in range(40):
        mails(f"d{number}.example", 2)

    assert statements() == few
    assert len(rows(client.get(PAGE))) == 1 + by_domain.MOST + 1


def test_nothing_sent_or_asked_for_is_said(client):
    assert "We have sent no emails in the last 30 days." in client.get(PAGE).text
    mails("a.example", 1)
    page = client.get(PAGE, {"domain": "<b>x"})
    assert "We have sent no emails in the last 30 days." in page.text
    assert "<b>x" not in page.text
    assert client.get(PAGE, {"domain": "\0"}).status_code in (200, 400)


def test_who_sees_no_mails_does_not_open_it(client):
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(PAGE).status_code == 403
