import gc
import io
import json
import re
import socket
from datetime import timedelta
from email import message_from_bytes, policy
from functools import cache
from itertools import count

import dns.resolver
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import cache as caches
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.test.utils import override_settings
from procrastinate.contrib.django import app

from branding import models
from campaigns import page_views
from campaigns.models import address
from campaigns.pictures import decoding, picture_files
from outbox.dispatcher import work_through
from petitions.signing import signatures
from safeguards import limits
from safeguards.blocks import Block
from tests import at_work
from tests.letters.unruly import UnrulyServer
from tests.migrated import drop, end_other_sessions, migrated_once

SITE = "http://testserver"
TAKE_JOB = """
    DELETE FROM procrastinate_jobs WHERE id = (
        SELECT min(id) FROM procrastinate_jobs
        WHERE status = 'todo' AND scheduled_at IS NULL)
    RETURNING task_name, args
"""
_number = count()
READ = picture_files.read


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is loaded by then stays: nobody looks again whether it is garbage.

    Nor is there a look after every 2,000 new objects, which took 8 % of a test's CPU.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 50, 50)
        gc.enable()


class Mailbox:
    """Everybody's mailbox: an SMTP server on loopback that keeps what it is given."""

    def __init__(self):
        self.answers = {}
        self.clear()

    def clear(self):
        self.messages = []
        self.answers.clear()

    def refuse(self, address, answer):
        """Answer RCPT TO for this address with these words, like "550 5.1.1 no"."""
        self.answers[address] = answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        message.envelope_to = envelope.rcpt_tos
        message.envelope_from = envelope.mail_from
        self.messages.append(message)
        return "250 OK"

    def last(self):
        return self.messages[-1]

    def text(self):
        return self.last().get_body(("plain",)).get_content()

    def path_to(self, page):
        """The path of the link whose address ends in this page, in the newest mail that
        has one."""
        return self._newest(rf"https?://[^/\s]+(/\S+/{page}/)")

    def newest_path(self, start):
        """The newest path that begins so, of all that were mailed."""
        return self._newest(rf"https?://[^/\s]+({start}\S+)")

    def _newest(self, pattern):
        for message in reversed(self.messages):
            text = message.get_body(("plain",)).get_content()
            if found := re.findall(pattern, text):
                [path] = found
                return path
        raise AssertionError(f"no mail has {pattern}")

    def code(self):
        [code] = re.findall(r"^  (\d{6})\s", self.text(), re.M)
        return code


@pytest.fixture(scope="session", autouse=True)
def no_dns_of_the_world():
    """Nothing has a name server, but for tests that bring their own."""
    dns.resolver.default_resolver = dns.resolver.Resolver(configure=False)


@pytest.fixture(scope="session")
def smtp_server():
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def mailbox(smtp_server, settings):
    """A real SMTP conversation: the site's mails arrive here."""
    smtp_server.clear()
    settings.MAILERS = relay_at(smtp_server.port)
    return smtp_server


@pytest.fixture
def relay(settings):
    """Our relay, which can be told to misbehave."""
    server = UnrulyServer()
    settings.MAILERS = relay_at(server.port)
    yield server
    server.stop()


def relay_at(port):
    """The settings of a relay at this port of ours."""
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 60},
        }
    }


@pytest.fixture
def work(db):
    """Do what the queue holds and is due, in this test's transaction; returns names.

    The worker as a process is tested where it matters: tests/petitions/test_worker.py.
    """

    def work():
        done, job = [], take_job()
        while True:
            while job:
                name, arguments = job
                task = app.tasks[name]
                # A worker of the test may have put its own minute's housekeeping here.
                if not task.pass_context:
                    with at_work.at_work():
                        task.func(**json.loads(arguments))
                done.append(name)
                job = take_job()
            work_through()  # what jobs have queued; and mails may queue jobs
            if not (job := take_job()):
                return done

    def take_job():
        with connection.cursor() as cursor:
            cursor.execute(TAKE_JOB)
            return cursor.fetchone()

    return work


@pytest.fixture(scope="session", autouse=True)
def no_page_views_are_stored_by_themselves():
    """A thread would store the readings of one test while another test runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_views, "SECONDS", 3600)
        yield


@pytest.fixture(autouse=True)
def no_lock_without_a_transaction():
    """A page or a job that locks rows opens a transaction, as it must on the site."""
    with connection.execute_wrapper(at_work.no_lock_without_a_transaction):
        yield


@pytest.fixture(scope="session", autouse=True)
def pictures_are_decoded_here():
    """A process for each picture would take longer than most of its test.

    Where the process matters, a test has the fixture `decoded_apart`.
    """

    def read(file):
        file.seek(0)
        try:
            picture = decoding.decode(io.BytesIO(file.read()))
        except decoding.PictureRefused as word:
            raise picture_files.NotAPicture(picture_files.REFUSALS[str(word)]) from None
        picture.info = {}
        return picture

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture_files, "read", read)
        yield


@pytest.fixture
def decoded_apart(monkeypatch):
    """Pictures are decoded as on the site, by a process with limits."""
    monkeypatch.setattr(picture_files, "read", READ)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings, django_db_blocker, pytestconfig
):
    """The databases of all processes are copies of the first that is migrated."""
    migrates = pytestconfig.option.release or pytestconfig.option.clock
    with pytest.MonkeyPatch.context() as patch:
        template = migrated_once(patch, keeps=not migrates)
        yield
    with django_db_blocker.unblock():
        drop(template)


DEAD_ROWS = "SELECT coalesce(max(n_dead_tup), 0) FROM pg_stat_user_tables"
MANY_DEAD_ROWS = 1_000
# The tables that the migrations have filled, each with its rows.
MIGRATED = {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What tests commit is deleted after each; what the migrations wrote stays.

    Django's flush makes a hundred tables anew, most of which are empty, and passes over
    those of the queue.
    """
    with django_db_blocker.unblock():
        Block.objects.all().delete()  # words for names: tests begin with an empty list
        MIGRATED.update((table, rows_of(table)) for table in filled_tables())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(set_up))
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _test: empty(MIGRATED)
        )
        yield
    if MIGRATED:
        with django_db_blocker.unblock():
            end_other_sessions()


_set_up = TransactionTestCase._fixture_setup.__func__


def set_up(test_case):
    vacuum()
    _set_up(test_case)


def empty(kept):
    """Delete the rows of all tables but these."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in filled_tables():
            if table not in kept:
                cursor.execute(f"DELETE FROM {table}")


def vacuum():
    """Clear away what the tests before have rolled back, where it is much.

    Those with a browser come first, and other tests that commit last: what thousands
    have rolled back in between made these take three times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(DEAD_ROWS)
        [dead] = cursor.fetchone()
        if dead > MANY_DEAD_ROWS:
            cursor.execute("VACUUM")


def rows_of(table):
    """All rows of a table, as COPY writes them."""
    command = f"COPY {table} TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        return b"".join(copy)


def filled_tables():
    """The tables that have rows."""
    with connection.cursor() as cursor:
        if not _filled():  # of tests that need no database, none is made
            return []
        cursor.execute(_filled())
        return [table for (table,) in cursor.fetchall()]


@cache
def _filled():
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"
        for table in sorted(connection.introspection.table_names())
    )


@pytest.fixture(autouse=True)
def empty_cache():
    caches.cache.clear()


@pytest.fixture(autouse=True)
def branding_of_the_settings():
    """Nobody has changed branding, limits or addresses; no process asks for them."""
    models.know(models.Branding())
    limits.know({})
    address.know(address.NONE)


@pytest.fixture(scope="session", autouse=True)
def settings_of_tests(django_test_environment):
    """Settings of all tests. Each that a test sets makes all others slower to read."""
    with override_settings(
        SITE_URL=SITE,
        MIDDLEWARE=["tests.at_work.middleware", *settings.MIDDLEWARE],
        MAILERS=relay_at(9),  # nobody is there, unless a test has a mailbox
        ALLOWED_HOSTS=["testserver"],
        # Good passwords are slow to check, on purpose; the tests have none to protect.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def media(settings, tmp_path_factory):
    """Where the pictures of this test are kept. Erasing deletes mails, too: never those
    of who develops here. Few tests have either, and make the folders then."""
    folder = tmp_path_factory.getbasetemp() / f"files-{next(_number)}"
    settings.MAIL_SINK_DIR = str(folder / "mail")
    settings.MEDIA_ROOT = folder / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def names_at_once(monkeypatch):
    """A name shows when its signature counts, and not some minutes later."""
    monkeypatch.setattr(signatures, "NAMES_SHOW_AFTER", timedelta(0))


@pytest.fixture
def client():
    """A browser whose forms come from our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def stranger():
    """A client that sends none of the headers by which we know our own forms."""
    return Client()
