"""The worker as a process of its own, a real SMTP conversation, and what goes wrong."""

import subprocess
import sys

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from petitions.models import Signature
from supporters.models import Confirmation
from tests.factories import make_petition, sign
from tests.worker import worker_environment


def run_worker(mailbox):
    """Let a worker process do what is due, and end."""
    return subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=settings.ROOT,
        env=worker_environment(mailbox.port),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


@pytest.mark.django_db(transaction=True)
def test_the_worker_mails_and_the_mail_confirms(client, mailbox):
    petition = make_petition()
    sign(petition)

    run_worker(mailbox)

    assert mailbox.last()["To"] == "ada@mail.example"
    assert Confirmation.objects.get().sent_at is not None
    assert mailbox.path_to("confirmation").startswith("/campaign-1/")
    client.post(mailbox.path_to("confirmation"))
    assert petition.standing.count == 1


@pytest.mark.django_db(transaction=True)
def test_a_relay_that_says_not_now_is_asked_again_later(mailbox):
    sign(make_petition())
    mailbox.refuse("ada@mail.example", "451 4.7.1 Try again later")

    run_worker(mailbox)

    job = ProcrastinateJob.objects.get(task_name="petitions.tasks.ask_signer")
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at is not None
    assert Confirmation.objects.get().sent_at is None


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_refused_for_good_is_noted_for_its_writer(client, mailbox):
    signature = sign(make_petition())
    mailbox.refuse("ada@mail.example", "550 5.1.1 No such mailbox")

    run_worker(mailbox)

    job = ProcrastinateJob.objects.get(task_name="petitions.tasks.ask_signer")
    assert job.status == "succeeded"
    page = client.get(signature.inbox_url).text
    assert "The mail service refused this address." in page


@pytest.mark.django_db(transaction=True)
def test_a_signature_that_was_rolled_back_sends_no_mail(mailbox):
    petition = make_petition()
    with pytest.raises(ValueError, match="unpack"):
        sign(petition, consents=[("broken",)])

    run_worker(mailbox)

    assert mailbox.messages == []
    assert not Signature.objects.exists()
