"""Mail that reaches the site through a real Postfix, by the lines of deploy/postfix."""

import os
import smtplib
import socket
import subprocess

import pytest

from letters.models import OfficialAnswer
from letters.officials.by_mail import record_address
from outbox.models import IncomingMail, OutgoingMail, Reason, Suppression
from tests.conftest import relay_at
from tests.factories import make_letter, make_petition, sign
from tests.letters.test_answer_by_mail import mailed
from tests.letters.test_official_page import ward
from tests.outbox.postfix import POSTFIX, running_postfix
from tests.outbox.test_incoming import mails_to, reply
from tests.outbox.test_worker_process import until
from tests.test_architecture import ROOT

pytestmark = [
    pytest.mark.real_clock,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not POSTFIX, reason="not root" if os.geteuid() else "there is no Postfix"
    ),
]


@pytest.fixture
def postfix(mailbox, settings):
    """The site mails through it, and what it hands on arrives in the mailbox."""
    with running_postfix(mailbox.port, CONTACT_EMAIL="group@site.example") as made:
        if made is None:
            pytest.skip("another user may not read this checkout")
        assert until(lambda: listens(made.port)), made.log.read_text()
        settings.MAILERS = relay_at(made.port)
        yield made
        print(made.log.read_text())  # pytest shows it if the test has failed


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def kinds(number):
    """The kinds of so many messages, when they have come."""
    assert until(lambda: IncomingMail.objects.count() >= number)
    return sorted(IncomingMail.objects.values_list("kind", flat=True))


def test_a_report_that_postfix_itself_writes_reaches_the_mail(postfix, mailbox, work):
    mailbox.refuse("ada@mail.example", "550 5.1.1 There is nobody of that name")
    sign(make_petition(), email="ada@mail.example")
    work()

    assert kinds(1) == ["report"]

    assert Suppression.objects.get().reason == Reason.BOUNCED
    assert mailbox.messages == []


def test_a_reply_reaches_the_group_and_who_wrote_is_told(postfix, mailbox, work):
    sign(make_petition(), email="ada@mail.example")
    work()
    sent = OutgoingMail.objects.get()
    assert until(lambda: mails_to(mailbox, "ada@mail.example"))
    mailbox.clear()
    postfix.take(reply(sent, text="Is there a meeting?"), "hello@letters.example")

    assert kinds(1) == ["reply"]
    work()

    for address in ("group@site.example", "ada@mail.example"):
        assert until(lambda to=address: mails_to(mailbox, to))


def test_who_is_away_is_known_by_the_envelope_alone(postfix):
    """A program that answers has no return address; none of its headers says so."""
    postfix.take(reply(), "hello@letters.example", sender="")

    assert kinds(1) == ["automatic"]


def test_an_officials_answer_waits_also_if_it_went_to_two_of_our_addresses(
    postfix, settings
):
    settings.INCOMING_MAIL_URL = "pipe:"
    letter = make_letter()
    address = record_address(letter, ward(1))

    postfix.take(mailed(letter), address, "hello@letters.example")

    assert "answer" in kinds(2)
    assert OfficialAnswer.objects.count() == 1


def test_no_other_address_is_taken(postfix):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        postfix.take(reply(), "nobody-at-all@letters.example")


def test_what_the_site_cannot_take_now_is_kept(tmp_path):
    """75 tells Postfix so, whatever is wrong: here there is no file of settings."""
    done = subprocess.run(
        [ROOT / "deploy/receive-mail", "hello@letters.example"],
        input=reply(),
        env={"SITE_ENVIRONMENT": str(tmp_path / "missing"), "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
    )

    assert done.returncode == 75
