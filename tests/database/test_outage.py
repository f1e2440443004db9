"""PostgreSQL is really away, or its answers are: what visitors see and what is kept."""

import errno
import html
import io
import logging
import re
import socket
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import path
from django.utils import timezone

from campaign_site import urls
from database.outage import OneLineAMinute
from petitions.models import Signature
from supporters.models import Confirmation
from tests.factories import ADA, make_petition, sign
from tests.wire import Wire

commits = pytest.mark.django_db(transaction=True)


def full(request):
    raise OSError(errno.ENOSPC, "No space left on device")


urlpatterns = [path("full/", full), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def wire(db, monkeypatch):
    """What carries every statement of the test; it can be cut, and loses commits."""
    wire = Wire.to_the_database()
    with go_by(wire.port, monkeypatch):
        yield wire
    wire.cut()


@pytest.fixture
def away(django_db_setup, django_db_blocker, monkeypatch):
    """Nobody listens where the database should be."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with django_db_blocker.unblock(), go_by(port, monkeypatch):
        yield


@contextmanager
def go_by(port, monkeypatch):
    """Let the site reach its database by this port."""
    connection.close()
    with monkeypatch.context() as patch:
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(port))):
            patch.setitem(connection.settings_dict, name, value)
        yield
        connection.close()


@pytest.fixture
def visitor():
    return Client(
        headers={"sec-fetch-site": "same-origin"}, raise_request_exception=False
    )


def typed_in(page):
    """The fields of the form that the page offers, as a browser would send them."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', page)
    texts = re.findall(r'<textarea .*?name="(\w+)".*?>\n(.*?)</textarea>', page, re.S)
    return {name: html.unescape(value) for name, value in fields + texts}


def assert_come_back_later(response):
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert '<header class="site-header">' in response.text
    assert not response.cookies


@commits
def test_who_signs_meanwhile_keeps_what_they_typed_and_sends_it_again(visitor, wire):
    make_petition()
    connection.close()
    wire.cut()
    lost = visitor.post("/campaign-1/signatures/", ADA | {"city": '"London" & Łódź'})
    wire.mend()

    assert_come_back_later(lost)
    assert "<h1>We could not store this</h1>" in lost.text
    assert not Signature.objects.exists()
    again = visitor.post("/campaign-1/signatures/", typed_in(lost.text))
    assert again.status_code == 302
    assert Signature.objects.get().city == '"London" & Łódź'


def test_a_long_text_can_be_read_and_copied_meanwhile(visitor, away):
    text = "\nDear Mayor,\n\nplease.\n"

    lost = visitor.post("/campaign-1/letter/", {"own_words": text, "name": "Ada"})

    assert_come_back_later(lost)
    assert typed_in(lost.text) == {"own_words": text, "name": "Ada"}
    assert ">Your text</label>" in lost.text


def test_another_sites_form_is_not_offered_to_be_sent_from_ours(visitor, away):
    answer = visitor.post(
        "/campaign-1/signatures/", ADA, headers={"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 403
    assert "Lovelace" not in answer.text


@commits
def test_readers_of_known_pages_keep_reading_and_others_are_told(
    visitor, wire, time_machine
):
    make_petition()
    known = visitor.get("/campaign-1/").text
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    connection.close()
    wire.cut()

    assert visitor.get("/campaign-1/").text == known
    unknown = visitor.get("/campaign-1/signatures/thanks/")

    assert_come_back_later(unknown)
    assert "<h1>We will be back in a moment</h1>" in unknown.text
    assert "<form" not in unknown.text


@commits
def test_a_commit_whose_answer_is_lost_is_not_called_lost_and_counts_once(
    visitor, wire, mailbox, work
):
    petition = make_petition()
    wire.lose_commits()
    unknown = visitor.post("/campaign-1/signatures/", ADA)
    connection.close()

    assert_come_back_later(unknown)
    assert "<h1>We do not know whether we stored this</h1>" in unknown.text
    assert Signature.objects.count() == 1
    assert visitor.post("/campaign-1/signatures/", typed_in(unknown.text))
    work()
    for confirmation in Confirmation.objects.all():
        Signature.objects.get(confirmation=confirmation).confirm()
    assert (Signature.objects.count(), petition.standing.count) == (2, 1)


@commits
@pytest.mark.parametrize("trouble", [Wire.lose_commits, Wire.stray])
def test_a_confirmation_whose_answer_is_lost_counts_once(
    visitor, wire, mailbox, work, trouble
):
    petition = make_petition()
    sign(petition)
    work()
    page = mailbox.path_to("confirmation")
    trouble(wire)
    unknown = visitor.post(page)
    connection.close()

    assert_come_back_later(unknown)
    again = visitor.post(page, follow=True)

    assert again.status_code == 200
    assert petition.standing.count == 1


def test_the_log_says_it_once_a_minute_and_without_what_was_typed(
    visitor, away, monkeypatch
):
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(OneLineAMinute())
    # Alone: the filter of another handler may have changed the record before.
    monkeypatch.setattr(logging.getLogger("django.request"), "handlers", [handler])
    for _ in range(3):
        visitor.post("/campaign-1/signatures/", ADA)

    assert len(lines.getvalue().splitlines()) == 1
    assert lines.getvalue().startswith("Away: connection failed")
    assert "Traceback" not in lines.getvalue()


def test_a_full_disk_is_no_fault_of_the_page(visitor, settings):
    settings.ROOT_URLCONF = __name__

    assert_come_back_later(visitor.get("/full/"))


@pytest.mark.django_db
def test_a_fault_of_ours_stays_one(visitor):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaigns_campaign RENAME TO elsewhere")

    assert visitor.get("/campaign-1/").status_code == 500
