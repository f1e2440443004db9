"""A mail domain that refuses more than 2 % of a day's updates gets no more."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from outbox.models import OutgoingMail, PausedDomain
from staff.models import Alert
from supporters.follow import refusing_domains, tasks
from supporters.follow.refusing_domains import pause_who_refuse
from supporters.models import Mailing
from tests.factories import make_campaign, make_staff, make_update

pytestmark = pytest.mark.django_db


def mails(domain, sent=0, refused=0, bounced=0, **fields):
    """Updates to a domain that have left in this moment."""
    now = timezone.now()
    ended = {"purpose": "update", "lane": "bulk", "domain": domain, "settled_at": now}
    ended["due_at"] = now
    rows = [
        *([{"outcome": "sent"}] * sent),
        *([{"outcome": "refused", "reply": "550 no"}] * refused),
        *([{"outcome": "sent", "bounced_at": now}] * bounced),
    ]
    OutgoingMail.objects.bulk_create(
        OutgoingMail(email=f"p@{domain}", **{**ended, **row, **fields}) for row in rows
    )


def paused():
    return list(
        PausedDomain.objects.order_by("domain").values_list("domain", flat=True)
    )


def test_it_pauses_by_itself_and_staff_are_told(mailbox, work):
    make_staff("bo", "Campaigners", email="bo@group.example")
    mails("bad.example", sent=480, refused=6, bounced=5)
    mails("good.example", sent=490, refused=10)  # 2 %, and not more
    mails("small.example", sent=9, refused=1)

    tasks.sweep_mailings.func(timestamp=0)
    tasks.sweep_mailings.func(timestamp=0)
    work()

    assert paused() == ["bad.example"]
    [alert] = Alert.objects.all()
    assert "bad.example refused 11 of our updates" in alert.words
    assert [m["To"] for m in mailbox.messages] == ["bo@group.example"]


def test_staff_are_told_of_a_domain_with_the_longest_name_as_well():
    longest = f"{'a.' * 121}example"
    mails(longest, refused=10)

    tasks.sweep_mailings.func(timestamp=0)

    assert paused() == [longest]
    assert longest in Alert.objects.get().words


def test_only_updates_wait_and_confirmations_leave(mailbox, work):
    PausedDomain.objects.create(domain="mail.example", only_bulk=True)
    OutgoingMail.objects.queue("password_reset", None, "ada@mail.example")
    waits = OutgoingMail.objects.ready_to_leave("bulk")
    mails("mail.example", sent=1, settled_at=None, outcome="")

    work()

    assert not OutgoingMail.objects.filter(lane="waited").open().exists()
    assert not waits.exists()
    assert OutgoingMail.objects.open().get().purpose == "update"


def test_a_press_resumes_it_and_counting_begins_anew(client):
    mails("bad.example", sent=1, refused=20)
    pause_who_refuse()
    client.force_login(make_staff("bo", "Campaigners"))
    [row] = PausedDomain.objects.all()
    page = f"/admin/outbox/pauseddomain/{row.pk}/"
    assert (
        "Updates and digests to this domain wait" in client.get(f"{page}change/").text
    )

    client.post(f"{page}delete/", {"post": "yes"})
    pause_who_refuse()

    assert paused() == []
    assert Alert.objects.get().closed_by.username == "bo"
    mails("bad.example", sent=1, refused=20)
    pause_who_refuse()
    assert paused() == ["bad.example"]


def test_a_domain_that_staff_have_paused_stays_as_they_paused_it():
    PausedDomain.objects.create(domain="bad.example")
    mails("bad.example", refused=20)

    pause_who_refuse()

    assert not PausedDomain.objects.get().only_bulk
    assert not Alert.objects.exists()


def test_looking_costs_one_statement_while_nobody_refuses(django_assert_num_queries):
    mails("good.example", sent=20, refused=3)

    with django_assert_num_queries(1):
        pause_who_refuse()


def test_a_mailing_is_queued_also_if_the_look_at_the_domains_fails(work, monkeypatch):
    mailing = Mailing.objects.create(update=make_update(make_campaign()))

    def fails():
        raise OperationalError

    monkeypatch.setattr(refusing_domains, "pause_who_refuse", fails)
    with pytest.raises(OperationalError):
        tasks.sweep_mailings.func(timestamp=0)
    work()

    mailing.refresh_from_db()
    assert mailing.queued_at
