"""What a monitor reads, what a late mail says to who is waiting, and the logs."""

import json
import logging
import sys

import pytest
from django.db import OperationalError, connection

from campaign_site.logs import JsonLines, masked
from database import queue
from supporters.models import Mailing
from tests.factories import (
    make_campaign,
    make_petition,
    make_update,
    sign,
    write_comment,
)

pytestmark = pytest.mark.django_db


def wait(minutes):
    """Make what stands in the queue older by as much."""
    back = f"- interval '{minutes} min'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE procrastinate_events SET at = at {back}")
        cursor.execute(
            f"UPDATE procrastinate_jobs SET scheduled_at = scheduled_at {back}"
        )
        cursor.execute(f"UPDATE outbox_outgoingmail SET due_at = due_at {back}")
        cursor.execute(
            f"UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat {back}"
        )


def beat():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def test_all_is_well(client):
    beat()

    answer = client.get("/healthz")

    assert answer.json() == {
        "process": "ok",
        "database": "ok",
        "queue_seconds": 0,
        "mail_seconds": 0,
        "worker": "ok",
    }
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_what_waits_and_a_worker_that_is_gone_are_told(client):
    beat()
    sign(make_petition())
    Mailing.objects.send(make_update(make_campaign()), by=None)

    wait(12)
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["queue_seconds"] == pytest.approx(720, abs=5)
    assert answer.json()["mail_seconds"] == pytest.approx(720, abs=5)
    assert answer.json()["worker"] == "gone"


def test_a_database_that_is_away_is_503(client, monkeypatch):
    def away():
        raise OperationalError("the server is gone")

    monkeypatch.setattr(connection, "cursor", away)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"process": "ok", "database": "away"}


def test_a_job_that_waits_for_its_time_is_not_late_but_one_that_failed_is():
    Mailing.objects.send(make_update(make_campaign()), by=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"
        )
    wait(30)
    assert queue.seconds_behind() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 1")
    assert queue.seconds_behind() > 1700
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 0")
    wait(31)
    assert queue.seconds_behind() == pytest.approx(60, abs=5)


@pytest.mark.parametrize("minutes", [1, 12])
def test_pages_that_ask_for_the_mail_say_when_it_is_late_and_stop_by_themselves(
    client, mailbox, work, minutes
):
    signature = sign(make_petition())
    comment = write_comment(make_campaign(), wants_news=True)
    pages = [signature.inbox_url, comment.inbox_url]
    words = f"Our emails are running {minutes} minutes behind."

    wait(minutes)
    late = [client.get(page).text for page in pages]
    work()
    after = [client.get(page).text for page in pages]

    for text in late:
        assert (words in text) == (minutes == 12)
        assert ("no need to send it again" in text) == (minutes == 12)
    assert not any("minutes behind" in text for text in after)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("to ada.l+x@mail.example now", "to … now"),
        ("/c/signatures/12.abcdefghij_klmnopqrst-uv/code/", "/c/signatures/…/code/"),
        ("/c/signatures/12-3.abcdefghijklmnopqrstuv/", "/c/signatures/…/"),
        ("/c/letter/abcdefghijKlmnopqrstuv/", "/c/letter/…/"),
        ("Invalid request from ip=2001:db8::7: x", "Invalid request from ip=… x"),
        ("/the-name-of-a-campaign/", "/the-name-of-a-campaign/"),
        ('relation "petitions_signature"', 'relation "petitions_signature"'),
    ],
)
def test_logs_hold_no_address_and_no_key(text, safe):
    assert masked(text) == safe


def test_a_log_line_is_json_with_its_traceback():
    try:
        raise ValueError("ada@mail.example\nline two")
    except ValueError:
        record = logging.LogRecord(
            "django", logging.ERROR, "", 1, "Failed: %s", ("x",), sys.exc_info()
        )

    line = JsonLines().format(record)

    assert "\n" not in line
    read = json.loads(line)
    assert (read["level"], read["logger"], read["message"]) == (
        "ERROR",
        "django",
        "Failed: x",
    )
    assert "ValueError: …" in read["traceback"]
    assert "ada@" not in line
