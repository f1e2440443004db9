"""`manage.py doctor` says in words what of a site is broken, and how to mend it."""

import io
import os
import socket
import subprocess
import sys
from datetime import timedelta

import dns.resolver
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaign_site import doctor, object_store
from tests.campaign_site.s3 import s3_server
from tests.campaign_site.test_health import beat, wait
from tests.conftest import relay_at
from tests.dns_server import DnsServer
from tests.factories import make_petition, sign
from tests.imap_server import ImapServer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def names():
    """The name server that the site asks."""
    server = DnsServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def site(settings, mailbox, names, monkeypatch):
    """One with nothing to mend, as far as a test can be one."""
    monkeypatch.setattr(dns.resolver, "default_resolver", names.resolver())
    names.zone.clear()
    domain = settings.MAIL_DOMAIN
    names.zone[domain] = {"TXT": ["v=spf1 mx -all"], "MX": [f"10 mx.{domain}."]}
    names.zone[f"_dmarc.{domain}"] = {"TXT": ["v=DMARC1; p=reject"]}
    settings.DEVELOPMENT = True
    settings.STATIC_ROOT = settings.MEDIA_ROOT
    settings.BACKUPS = "elsewhere"
    beat()
    return settings


@pytest.fixture
def closed():
    """A port at which nobody listens, for as long as a test has it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def told():
    """What the command prints for each examination, and the code with which it ends."""
    printed, code = io.StringIO(), 0
    try:
        call_command("doctor", stdout=printed)
    except SystemExit as end:
        code = end.code
    lines = (line.split(maxsplit=2) for line in printed.getvalue().splitlines())
    return {name: (state, words) for name, state, words in lines}, code


def broken():
    """The words about the one thing that is broken."""
    found, code = told()
    [words] = [words for state, words in found.values() if state == "BROKEN"]
    assert code == 1
    return words


def test_all_is_well_and_nothing_is_mailed_or_left(site, mailbox):
    found, code = told()

    assert code == 0, found
    assert list(found) == [
        *("database", "settings", "queue", "storage", "private", "mail"),
        *("domain", "incoming", "sign-in", "clock", "disk", "backups"),
    ]
    assert {state for state, _words in found.values()} == {"good"}
    assert mailbox.messages == []
    assert [file for file in site.MEDIA_ROOT.rglob("*") if file.is_file()] == []


def test_settings_that_are_not_fit_to_be_online(site):
    site.DEVELOPMENT = site.SERVED_OVER_HTTPS = False
    assert "SITE_URL begins with http://" in broken()

    site.SERVED_OVER_HTTPS, site.SECRET_KEY = True, "short"
    assert "Your SECRET_KEY has less than 50 characters" in broken()


def test_a_folder_of_readers_that_nobody_has_made(site, tmp_path):
    """Without it nobody would be counted, and nothing would say so."""
    site.DEVELOPMENT, site.SERVED_OVER_HTTPS = False, True
    site.SECRET_KEY = "made of many different letters, 0123456789 and signs"
    site.READERS = str(tmp_path / "readers")
    assert f"There is no folder {site.READERS} that this user may" in broken()
    assert "(campaigns.W001)" in broken()

    (tmp_path / "readers").touch()
    assert "(campaigns.W001)" in broken()

    (tmp_path / "readers").unlink()
    (tmp_path / "readers").mkdir()
    assert "campaigns.W001" not in told()[0]["settings"][1]


def test_migrations_that_are_missing():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'translations'")

    assert "like translations.0001_initial. Run manage.py migrate." in broken()


def test_a_worker_that_is_dead_and_one_that_never_was():
    wait(5)
    assert "No worker lives, so no mail leaves. Start it" in broken()

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert "No worker lives" in broken()


def test_a_worker_that_is_late():
    sign(make_petition())
    wait(12)
    beat()

    assert "A worker lives, but is late" in broken()
    assert "the oldest mail for 72" in broken()  # seconds


def test_a_folder_in_which_nothing_can_be_written(site, tmp_path):
    """Nobody can write below a file, not even root."""
    (tmp_path / "file").touch()
    site.MEDIA_ROOT = tmp_path / "file" / "media"

    found, _code = told()

    assert {found["storage"][0], found["private"][0]} == {"BROKEN"}
    words = found["storage"][1]
    assert f"cannot be written, read and deleted in the folder {tmp_path}/file" in words
    assert "the user of the site must be allowed to write to it" in words


def test_a_private_folder_in_which_nothing_can_be_written(site, tmp_path):
    site.MEDIA_ROOT = tmp_path / "media"
    site.MEDIA_ROOT.mkdir()
    (site.MEDIA_ROOT / "bundles").mkdir()
    found, code = told()
    assert code == 0
    assert "media/bundles/, read and deleted" in found["private"][1]

    (site.MEDIA_ROOT / "bundles").rmdir()
    (site.MEDIA_ROOT / "bundles").touch()
    assert f"cannot be written, read and deleted in the folder {tmp_path}" in broken()


def test_a_bucket_for_private_files_that_is_not_there(site):
    with s3_server() as store:
        site.STORAGES = site.STORAGES | object_store.settings(store.url)
        found, code = told()
        assert code == 0
        assert "written to the bucket of STORAGE_URL" in found["storage"][1]
        assert "written to the private bucket of STORAGE_URL" in found["private"][1]
        assert not any(store.buckets.values())

        url = f"{store.url}&private=none"
        site.STORAGES = site.STORAGES | object_store.settings(url)
        assert "deleted in the private bucket of STORAGE_URL: " in broken()


def test_a_mail_domain_that_other_servers_do_not_believe(site, names):
    assert told()[0]["domain"] == (
        "good",
        "Nobody looks it up while the site is developed.",
    )
    site.DEVELOPMENT = False
    found = told()[0]["domain"]
    assert found == (
        "good",
        "Other mail servers find nothing to mend. Not known: DKIM.",
    )

    site.DKIM_SELECTOR = "mail"
    names.zone[site.MAIL_DOMAIN]["TXT"] = ["v=spf1 +all"]
    state, words = told()[0]["domain"]

    assert state == "BROKEN"
    assert "SPF: The SPF record ends in “+all”, so everybody may send as us." in words
    assert "DKIM: There is no key under this selector." in words
    assert "“Do our emails arrive?” on the staff site." in words


def test_a_mailbox_to_which_we_can_and_cannot_sign_in(site, closed):
    assert "Officials cannot answer by email." in told()[0]["incoming"][1]
    site.INCOMING_MAIL_URL = "pipe:"
    assert "A mail server pipes it in." in told()[0]["incoming"][1]

    inbox = ImapServer()
    inbox.put(b"From: ada@mail.example\r\n\r\nHello")
    site.INCOMING_MAIL_URL = inbox.url
    found, code = told()
    assert code == 0
    assert "lets us in; INBOX holds 1 messages." in found["incoming"][1]
    assert inbox.seen == set()

    site.INCOMING_MAIL_URL = inbox.url.replace("a%20b", "wrong")
    words = broken()
    assert "does not let us in" in words
    assert "wrong password" in words
    assert "Until then replies and reports wait there." in words
    inbox.stop()

    site.INCOMING_MAIL_URL = f"imap://site:a@127.0.0.1:{closed}/INBOX"
    assert "does not let us in: ConnectionRefusedError" in broken()
    site.INCOMING_MAIL_URL = "imap://site:a@mail.example/INBOX"
    assert "cannot be used: another machine needs imap+tls or imap+ssl." in broken()


def test_a_mail_service_at_which_nobody_listens(site, closed):
    site.MAILERS = relay_at(closed)

    words = broken()

    assert f"127.0.0.1:{closed} takes nothing from us: ConnectionRefused" in words
    assert "Correct host and port in EMAIL_URL" in words


@pytest.fixture
def guarded():
    """A mail service that wants a name and a password."""

    def check(server, session, envelope, mechanism, data):
        right = data.login == b"us" and data.password == b"right"
        return AuthResult(success=right, handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(
        object(),
        hostname="127.0.0.1",
        port=port,
        authenticator=check,
        auth_require_tls=False,
    )
    server.start()
    yield port
    server.stop()


def test_a_password_that_the_mail_service_does_not_take(site, guarded):
    site.MAILERS = relay_at(guarded)
    options = site.MAILERS["default"]["OPTIONS"]
    options |= {"username": "us", "password": "wrong"}

    assert "Correct the name and the password in EMAIL_URL." in broken()

    options["password"] = "right"
    found, code = told()
    assert code == 0
    assert "without TLS, with our name and password" in found["mail"][1]


def test_a_mail_service_that_knows_no_starttls(site, mailbox):
    site.MAILERS["default"]["OPTIONS"]["use_tls"] = True

    assert "EMAIL_URL begins with smtp+tls:// for STARTTLS" in broken()


@pytest.mark.parametrize(("minutes", "way"), [(20, "behind"), (-20, "ahead of")])
def test_clocks_that_differ(time_machine, minutes, way):
    """In this test it is our clock that is moved; the worker's is the database's."""
    time_machine.move_to(timezone.now() + timedelta(minutes=minutes))

    words = broken()

    assert f"s {way} that of this machine. Let NTP set both." in words
    assert "1200" in words or "1199" in words


def test_a_disk_that_is_nearly_full(monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 2**63)

    assert "Nearly full: " in broken()


@pytest.mark.release
def test_a_database_that_is_away(closed):
    """As a process of its own: all else is examined, and it ends with a fault."""
    there = os.environ | {"DATABASE_URL": f"postgres://us@127.0.0.1:{closed}/none"}

    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        env=there,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    lines = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert "BROKEN   It does not answer: " in lines["database"]
    for name in ("queue", "clock"):
        assert "Not known while the database does not answer." in lines[name]
    assert "good" in lines["disk"] + lines["storage"]
    assert done.stderr == ""


def test_backups_that_nobody_makes(site):
    site.DEVELOPMENT, site.BACKUPS = False, ""
    assert "No backups are made: BACKUPS is not set." in told()[0]["backups"][1]

    site.DEVELOPMENT, site.BACKUPS = True, "/backups"
    words = broken()
    assert words.startswith("No backup of the site was made yet.")
    assert "campaign-backup.timer does so each night" in words
