"""A test mail to ourselves, whose headers the desk reads when it has come back."""

import pytest

from outbox.models import ArrivedTest
from tests.factories import make_staff
from tests.outbox.test_incoming import pipe, reply

pytestmark = pytest.mark.django_db
CAME = b"""\
Received: from relay.letters.example (relay.letters.example [192.0.2.9])
 by mx.letters.example with ESMTPS (TLS1.3)
Authentication-Results: mx.letters.example; spf=pass; dkim=fail; dmarc=pass
"""


def test_a_test_mail_to_ourselves_is_read_when_it_comes(
    client, mailbox, work, settings
):
    settings.INCOMING_MAIL_URL = "pipe:"
    root = make_staff("root", is_superuser=True, email="root@group.example")
    client.force_login(root)

    client.post("/admin/deliverability/test/")
    work()
    ours, own = sorted(mailbox.messages, key=lambda m: m["To"] == root.email)
    assert pipe(CAME + bytes(ours)) == "ours"
    assert pipe(reply(name="x")) == "reply"

    assert own["To"] == root.email
    assert ours["To"].startswith("tests+")
    page = client.get("/admin/deliverability/").text
    assert "A test email to our own mailbox came back on" in page
    assert "dkim=fail" in page
    assert "Emails to us, last 30 days" in page


def test_nobody_else_can_make_a_test_mail_arrive(settings):
    raw = reply(name="x").replace(
        b"hello@", ArrivedTest.address().encode() + b", hello@"
    )

    assert pipe(CAME + raw) == "reply"
    assert not ArrivedTest.objects.exists()
