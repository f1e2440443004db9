"""The worker as a process of its own, a real SMTP conversation, and what goes wrong."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from outbox.models import OutgoingMail
from petitions.models import Signature
from supporters.models import Confirmation
from tests.factories import make_petition, sign
from tests.worker import worker_environment


def run_worker(mailbox):
    """Let a worker process do what is due, and end."""
    return subprocess.run(
        [sys.executable, "manage.py", "worker", "--one-shot"],
        cwd=settings.ROOT,
        env=worker_environment(mailbox.port),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_the_worker_mails_waits_and_notes_what_is_refused(client, mailbox):
    petition = make_petition()
    later = sign(petition, email="later@mail.example")
    never = sign(petition, email="never@mail.example")
    sign(petition)
    with pytest.raises(ValueError, match="unpack"):
        sign(petition, email="rolled.back@mail.example", consents=[("broken",)])
    mailbox.refuse("later@mail.example", "451 4.7.1 Try again later")
    mailbox.refuse("never@mail.example", "550 5.1.1 No such mailbox")

    run_worker(mailbox)

    [mail] = mailbox.messages
    assert mail["To"] == "ada@mail.example"
    assert Confirmation.objects.latest("pk").sent_at is not None
    assert mailbox.path_to("confirmation").startswith("/campaign-1/")
    client.post(mailbox.path_to("confirmation"))
    assert petition.standing.count == 1
    assert Signature.objects.count() == 3
    later.confirmation.refresh_from_db()
    assert later.confirmation.sent_at is None
    asked_again = OutgoingMail.objects.get(about=later.pk)
    assert (asked_again.outcome, asked_again.tries) == ("", 1)
    assert asked_again.due_at > timezone.now()
    assert OutgoingMail.objects.exclude(outcome="").count() == 2
    page = client.get(never.inbox_url).text
    assert "Our mail service could not send to this address." in page
    assert "refused this address" not in client.get(later.inbox_url).text
