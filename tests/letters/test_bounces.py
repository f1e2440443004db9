"""What comes back by mail, piped to manage.py receive_mail."""

import io
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from letters.models import Recipient
from outbox import reports
from outbox.bounce_reports import NotAReport
from outbox.dispatcher import collect
from outbox.models import OutgoingMail
from staff.models import Alert
from tests.factories import make_letter, make_recipients, make_staff
from tests.letters.makers import confirmed, states
from tests.letters.reports import COMPLAINT, EXCHANGE, GMAIL, POSTFIX, receive, report
from tests.worker import worker_environment

pytestmark = pytest.mark.django_db
GMAIL_WORDS = """550-5.1.1 The email account that you tried to reach does not exist. Try
 550-5.1.1 double-checking the recipient's email address for typos.
 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser 5b1f17b1804b1 - gsmtp"""


@pytest.fixture
def delivery(mailbox, work):
    """One letter to one recipient, handed over; the mailbox is empty again."""
    letter = confirmed(make_letter(recipients=make_recipients(1)))
    work()
    mailbox.clear()
    return letter.deliveries.get()


def come_back(delivery, **fields):
    receive(report(delivery.mail.bounce_address, **fields))


def nested(depth):
    """A part in a part in a part, as nobody writes but to break a reader."""
    lines = [
        f"--{'a' * n}\nContent-Type: multipart/mixed; boundary={'a' * (n + 1)}\n"
        for n in range(1, depth)
    ]
    return "\n".join(lines).encode()


def pipe(raw, *arguments):
    """manage.py receive_mail, as a mail server calls it."""
    return subprocess.run(
        [sys.executable, "manage.py", "receive_mail", *arguments],
        cwd=site.ROOT,
        env=worker_environment(25),
        input=raw,
        capture_output=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("style", "status", "words", "shown"),
    [
        (POSTFIX, "5.1.1", "550 5.1.1 User unknown\n    in table", " in table"),
        (EXCHANGE, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; No", "; No"),
        (GMAIL, "5.1.1", GMAIL_WORDS, "- gsmtp"),
        (POSTFIX, "5.0.0", "550 5.1.1 unknown", "unknown"),
        (POSTFIX, "5.2.1", "550 5.2.1 disabled", "disabled"),
    ],
)
def test_an_address_that_is_no_good_is_told_and_left_out_from_then_on(
    delivery, style, status, words, shown
):
    come_back(delivery, style=style, status=status, words=words)

    [state] = states(delivery.letter)
    recipient = Recipient.objects.get()
    assert state.startswith("came back later: 55")
    assert state.endswith(shown)
    assert recipient.bounced_at is not None
    assert recipient.bounce_words == state.removeprefix("came back later: ")
    assert not confirmed(delivery.letter.suggested_letter).deliveries.exists()


@pytest.mark.parametrize(
    ("style", "status", "words"),
    [
        (EXCHANGE, "5.7.1", "550 5.7.1 Delivery not authorized, message refused"),
        (POSTFIX, "5.2.2", "552 5.2.2 The mailbox is full"),
        (POSTFIX, "5.0.0", "550 Blocked: your host 185.1.1.30 is listed"),
        (GMAIL, "5.7.26", "550-5.7.26 This mail is unauthenticated, see 15.1.1"),
    ],
)
def test_a_refusal_that_is_not_about_the_address_leaves_it_in(
    delivery, style, status, words
):
    come_back(delivery, style=style, status=status, words=words)

    assert states(delivery.letter) == [f"came back later: {words}"]
    assert Recipient.objects.reachable().exists()


FULL = {"status": "4.2.2", "words": "452 4.2.2 The mailbox is full"}


def write_again(letter, work, number):
    """One more letter to the same, which has left; returns its delivery."""
    again = confirmed(letter.suggested_letter, text=f"Please help, letter {number}.")
    work()
    return again.deliveries.get()


def test_three_mails_in_a_row_that_come_back_stop_the_letters(
    delivery, mailbox, work, settings
):
    settings.LIMIT_LETTERS_A_DAY = 9
    make_staff("bo", "Campaigners", email="bo@site.example")
    come_back(delivery, **FULL)
    come_back(write_again(delivery.letter, work, 2), **FULL)
    before = Recipient.objects.get()

    third = write_again(delivery.letter, work, 3)
    for _twice in range(2):
        come_back(third, **FULL)
    work()

    assert before.bounced_at is None
    after = Recipient.objects.get()
    assert after.bounced_at is not None
    reason = f"3 emails in a row came back: {FULL['words']}"
    assert after.bounce_words == reason
    [told] = [mail for mail in mailbox.messages if mail["To"] == "bo@site.example"]
    assert reason in told.get_body(("plain",)).get_content()
    assert not confirmed(delivery.letter.suggested_letter).deliveries.exists()


def test_one_mail_that_stays_there_begins_the_row_anew(delivery, work, settings):
    settings.LIMIT_LETTERS_A_DAY = 9
    for number in range(2, 4):
        come_back(write_again(delivery.letter, work, number), **FULL)
    taken = write_again(delivery.letter, work, 4)
    come_back(taken, action="delivered", status="2.0.0", words="250 2.0.0 OK")
    for number in range(5, 7):
        come_back(write_again(delivery.letter, work, number), **FULL)

    assert Recipient.objects.get().bounced_at is None

    come_back(write_again(delivery.letter, work, 7), **FULL)
    assert Recipient.objects.get().bounced_at is not None


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [
        ("delayed", "4.4.1", "handed to our mail service: 250 OK"),
        ("delivered", "2.0.0", "accepted by their server"),
        ("Delivered (to mailbox)", "2.1.5", "accepted by their server"),
        ("relayed", "2.0.0", "accepted by their server"),
    ],
)
def test_what_has_not_failed_is_said_as_it_is(delivery, action, status, state):
    come_back(delivery, action=action, status=status, words="250 2.0.0 OK")

    assert states(delivery.letter) == [state]


@pytest.mark.parametrize("header", ["X-Original-To", "Delivered-To", "Envelope-To"])
def test_the_envelope_address_is_found_in_what_servers_add(delivery, header):
    raw = report("someone@letters.example")

    found = receive(f"{header}: <{delivery.mail.bounce_address}>\n".encode() + raw)

    assert found == delivery.mail


def test_the_envelope_address_is_taken_from_the_argument_first(delivery):
    suggested = delivery.letter.suggested_letter
    other = confirmed(suggested, text="Please.").deliveries.get()
    collect()
    other.refresh_from_db()

    found = receive(report(other.mail.bounce_address), delivery.mail.bounce_address)

    assert found == delivery.mail


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + nested(2000),
    ],
)
def test_what_is_no_message_is_refused_in_words(delivery, raw):
    with pytest.raises(CommandError, match="Not a message") as refused:
        call_command("receive_mail", stdin=io.BytesIO(raw))

    assert refused.value.returncode == 65
    assert states(delivery.letter) == ["handed to our mail service: 250 OK"]


@pytest.mark.parametrize(
    "raw",
    [
        report("bounces+1-000000000000@letters.example"),
        report("bounces+99999999999999999999-0@letters.example"),
        report("ada@mail.example", action="expanded"),
    ],
)
def test_a_report_on_no_mail_of_ours_changes_nothing(delivery, raw):
    said = io.StringIO()
    call_command("receive_mail", stdin=io.BytesIO(raw), stdout=said)

    assert said.getvalue() == "automatic\n"
    assert states(delivery.letter) == ["handed to our mail service: 250 OK"]


def test_a_message_to_a_good_address_that_is_no_report_is_refused(delivery):
    raw = f"To: {delivery.mail.bounce_address}\n\nI am away until Monday.".encode()

    with pytest.raises(NotAReport):
        receive(raw)


def test_without_a_database_the_mail_server_is_asked_to_try_again(monkeypatch):
    def fail(*args):
        raise OperationalError("no connection")

    monkeypatch.setattr(reports, "receive", fail)

    with pytest.raises(CommandError, match="no connection") as refused:
        call_command("receive_mail", stdin=io.BytesIO(report("a@letters.example")))

    assert refused.value.returncode == 75


def test_campaigners_are_told_once(delivery, mailbox, work):
    make_staff("bo", "Campaigners", email="bo@site.example")
    make_staff("di", "Campaigners")
    make_staff("cy", "Moderators", email="cy@site.example")

    come_back(delivery)
    come_back(delivery)
    work()

    told = [m for m in mailbox.messages if "come back" in m["Subject"]]
    text = told[0].get_body(("plain",)).get_content()
    assert [m["To"] for m in told] == ["bo@site.example"]
    assert "ward1@council.example" in text
    assert "550 5.1.1 User unknown" in text
    assert f"/admin/letters/recipient/{Recipient.objects.get().pk}/change/" in text


def test_without_campaigners_the_contact_address_is_told(
    delivery, mailbox, work, settings
):
    settings.CONTACT_EMAIL = "hello@site.example"

    come_back(delivery)
    work()

    assert "hello@site.example" in [m["To"] for m in mailbox.messages]


def test_the_writer_gets_the_text_back_once(delivery, mailbox, work):
    come_back(delivery)
    come_back(delivery)
    work()

    [back] = [m for m in mailbox.messages if m["To"] == "ada@mail.example"]
    text = back.get_body(("plain",)).get_content()
    assert back["Subject"] == "Your letter did not arrive"
    assert "Please help." in text
    assert "came back later: this address does not exist" in text
    assert "An address does not exist any more." in text
    assert "You can send it yourself" not in text
    assert "550" not in text


def test_a_new_address_is_not_blamed_for_the_old_one(delivery):
    Recipient.objects.update(email="new@council.example")

    come_back(delivery)

    assert Recipient.objects.get().bounced_at is None


@pytest.fixture
def second(delivery, work):
    """A second letter to the same recipient, of somebody else, handed over as well."""
    letter = confirmed(delivery.letter.suggested_letter, email="eve@mail.example")
    work()
    return letter.deliveries.get()


def complain(delivery):
    receive(COMPLAINT.format(address=delivery.mail.bounce_address).encode())


def alerts():
    return sorted(Alert.objects.values_list("kind", flat=True))


def test_one_envelope_address_stops_no_letters_by_a_complaint(delivery, work):
    for _time in range(3):
        complain(delivery)

    assert Recipient.objects.get().complained_at is None
    assert alerts() == ["complaint?"]
    assert "marked one of our letters as spam" in Alert.objects.get().words
    later = confirmed(delivery.letter.suggested_letter, email="bo@mail.example")
    work()
    assert states(later) == ["handed to our mail service: 250 OK"]


def test_complaints_about_two_letters_stop_them(delivery, second):
    complain(delivery)
    complain(second)

    assert Recipient.objects.get().complained_at is not None
    assert alerts() == ["complaint", "complaint?"]


def test_one_report_about_an_address_that_takes_other_letters_is_a_warning(
    delivery, second
):
    come_back(delivery)
    come_back(delivery)

    assert Recipient.objects.get().bounced_at is None
    assert alerts() == ["bounce?"]
    said = "Their server said: 550 5.1.1 User unknown"
    assert Alert.objects.get().words.endswith(f"address is right. {said}")
    assert states(delivery.letter)[0].startswith("came back later")

    come_back(second)

    assert Recipient.objects.get().bounced_at is not None


def test_a_report_about_what_their_server_took_is_a_warning(delivery):
    come_back(delivery, action="delivered", status="2.0.0", words="250 OK")

    come_back(delivery)

    assert Recipient.objects.get().bounced_at is None
    assert alerts() == ["bounce?"]


def test_what_a_person_has_decided_is_not_undone_by_the_same_reports(delivery, second):
    complain(delivery)
    complain(second)
    Recipient.objects.update(complained_at=None)

    complain(delivery)
    complain(second)

    assert Recipient.objects.get().complained_at is None


def test_the_mail_to_an_address_of_before_stops_nothing_to_the_new_one(
    delivery, second
):
    Recipient.objects.update(email="new@council.example")

    complain(delivery)
    complain(second)

    assert Recipient.objects.get().complained_at is None


def test_reports_count_for_some_days_after_the_letter(delivery, settings):
    settings.REPORTS_COUNT_DAYS = 5
    left = timezone.now() - timedelta(days=5, minutes=1)
    OutgoingMail.objects.filter(pk=delivery.mail_id).update(settled_at=left)

    for raw in (
        report(delivery.mail.bounce_address),
        COMPLAINT.format(address=delivery.mail.bounce_address).encode(),
    ):
        with pytest.raises(NotAReport, match="no mail of the last days"):
            receive(raw)

    assert states(delivery.letter) == ["handed to our mail service: 250 OK"]
    assert Recipient.objects.reachable().exists()
    assert alerts() == []


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_a_mail_server_pipes_a_report(delivery):
    raw = report(delivery.mail.bounce_address)

    taken = pipe(raw)

    assert taken.returncode == 0, taken.stderr
    assert taken.stdout.decode().endswith("report\n")
    assert states(delivery.letter) == ["came back later: 550 5.1.1 User unknown"]
