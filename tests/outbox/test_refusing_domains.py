"""Updates to a domain that refuses wait for a time, and staff are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import OutgoingMail, PausedDomain
from outbox.outgoing_mail import addressed_to
from staff.mail_desk.refusing_domains import check_and_alert
from staff.models import Alert
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
LESS = "421 4.7.28 Gmail has detected an unusual rate of mail"
TAKEN, NO_MAILBOX = "250 OK", "550 5.1.1 User unknown"


def mails(number, reply, first=1, domain="big.example", **fields):
    """Mails to so many mailboxes of a domain, with what became of them just now."""
    now = timezone.now()
    row = {"purpose": "news", "lane": "bulk", "tries": 1, "due_at": now, "reply": reply}
    if reply.startswith(("5", "250")):
        outcome = "sent" if reply.startswith("250") else "refused"
        row |= {"outcome": outcome, "settled_at": now}
    OutgoingMail.objects.bulk_create(
        OutgoingMail(**{**row, **fields}, **addressed_to(f"p{n}@{domain}"))
        for n in range(first, first + number)
    )


def states():
    rows = PausedDomain.objects.order_by("domain")
    return [(row.domain, row.only_bulk) for row in rows]


def test_what_was_put_off_leaves_later_each_time(queue, mailbox, work, time_machine):
    """So a server that asks for less is not asked all the time, whatever waits."""
    mailbox.refuse("ada@big.example", LESS.replace("421", "451"))
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    queue(1, "ada@big.example", lane="waited")
    waits = []

    for _try in range(3):
        work()
        due_at = OutgoingMail.objects.get().due_at
        waits.append((due_at - timezone.now()).total_seconds())
        time_machine.move_to(due_at, tick=False)

    assert waits[1] >= 2 * waits[0] > 0
    assert waits[2] >= 2 * waits[1]


@pytest.mark.parametrize(
    ("number", "reply", "taken", "fields"),
    [
        (40, LESS, 0, {}),  # it is asked again, later each time
        (40, NO_MAILBOX, 0, {"lane": "waited"}),  # typos, or invented addresses
        (9, NO_MAILBOX, 0, {}),  # too few mailboxes
        (10, NO_MAILBOX, 490, {}),  # 2 %, and not more
        (40, "550 5.7.1 no", 0, {"lane": "waited"}),  # nobody there was ever mailed
    ],
)
def test_what_pauses_no_domain(number, reply, taken, fields):
    mails(number, reply, **fields)
    mails(taken, TAKEN, first=100)

    check_and_alert()

    assert states() == []


def test_one_mailbox_that_refuses_often_pauses_no_domain():
    for _time in range(20):
        mails(1, "550 5.7.1 no")

    check_and_alert()

    assert states() == []


def test_updates_that_more_than_2_percent_refuse_wait_a_day(
    mailbox, work, time_machine
):
    make_staff("bo", "Campaigners", email="bo@group.example")
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    longest = f"{'a.' * 121}example"
    mails(480, TAKEN, first=100)
    mails(6, NO_MAILBOX)
    mails(5, TAKEN, first=10, bounced_at=start)  # it came back later
    mails(10, NO_MAILBOX, domain=longest)

    check_and_alert()
    check_and_alert()
    work()

    assert states() == [(longest, True), ("big.example", True)]
    other, alert = sorted(Alert.objects.all(), key=lambda told: "big" in told.words)
    assert "big.example refused our emails to 11 mailboxes" in alert.words
    assert "wait for 24 hours" in alert.words
    assert longest in other.words
    assert [m["To"] for m in mailbox.messages] == ["bo@group.example"] * 2

    time_machine.move_to(start + timedelta(hours=25), tick=False)
    check_and_alert()
    assert states() == []
    assert not Alert.objects.filter(closed_at=None).exists()


def test_a_press_resumes_it_and_counting_begins_anew(client):
    mails(20, NO_MAILBOX)
    check_and_alert()
    client.force_login(make_staff("bo", "Campaigners"))
    [row] = PausedDomain.objects.all()
    page = f"/admin/outbox/pauseddomain/{row.pk}/"
    listed = client.get("/admin/outbox/pauseddomain/").text
    assert "Its server refused 20 updates in a day." in listed

    client.post(f"{page}delete/", {"post": "yes"})
    check_and_alert()

    assert states() == []
    assert Alert.objects.get().closed_by.username == "bo"
    mails(20, NO_MAILBOX)
    check_and_alert()
    assert states() == [("big.example", True)]


def test_a_domain_that_staff_have_paused_stays_as_they_paused_it():
    PausedDomain.objects.create(domain="big.example")
    mails(20, NO_MAILBOX)
    mails(20, LESS)

    check_and_alert()

    assert states() == [("big.example", False)]
    assert not Alert.objects.exists()


def test_looking_costs_two_statements_while_nobody_refuses(
    django_assert_num_queries,
):
    mails(20, TAKEN)
    mails(3, NO_MAILBOX)

    with django_assert_num_queries(2):
        check_and_alert()


def test_only_updates_wait_and_confirmations_leave(queue, mailbox, work):
    PausedDomain.objects.create(domain="big.example", only_bulk=True)
    queue(1, "bulk@big.example", lane="bulk")
    queue(2, "waits@big.example", lane="waited")

    work()

    assert [m["To"] for m in mailbox.messages] == ["waits@big.example"]


def test_what_staff_decide_of_it_stays(client):
    mails(20, NO_MAILBOX)
    check_and_alert()
    client.force_login(make_staff("root", is_superuser=True))
    [row] = PausedDomain.objects.all()
    page = f"/admin/outbox/pauseddomain/{row.pk}/change/"

    client.post(page, {"domain": "big.example", "only_bulk": "on"})
    PausedDomain.objects.update(paused_at=timezone.now() - timedelta(days=2))
    check_and_alert()

    assert states() == [("big.example", True)]
    assert PausedDomain.objects.get().until is None
