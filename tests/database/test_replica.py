"""Public pages are read from a replica, and from the primary when it cannot answer."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from database import replica
from database.pause import Pause
from pages import page_cache
from petitions.models import Petition
from petitions.names.public_name import NameDecision
from tests.factories import (
    make_campaign,
    make_counted,
    make_letter,
    make_petition,
    make_staff,
)
from tests.pages.test_page_cache import PUBLIC
from tests.replica import running_replica

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
release = pytest.mark.release
SOON = 20  # for a machine that does much else
LIMIT_BEHIND = replica.MOST_SECONDS_BEHIND  # while no test has raised it
LIVES = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"


@pytest.fixture(autouse=True)
def long_pause(monkeypatch):
    """A fault stays noted until the test ends, however slow this machine is.

    A page may take as long as it takes, but for those that hang.
    """
    monkeypatch.setattr(replica, "MOST_SECONDS", 60)
    monkeypatch.setattr(replica, "MOST_SECONDS_BEHIND", 3600)
    monkeypatch.setattr(replica, "MOST_SECONDS_UNHEARD", 3600)
    monkeypatch.setattr(replica, "pause", Pause(3600))


@pytest.fixture
def follower(transactional_db, settings):
    """A replica that has all that the test has made before it asks for this."""
    make_letter(make_petition(make_campaign(title="Old words")).campaign)
    make_campaign(slug="campaign-2")
    with running_replica() as made:
        with connection.cursor() as cursor:
            cursor.execute(LIVES)
        made.catch_up()
        with asked_at(settings, HOST=made.folder):
            yield made


def connected(used):
    """Connect as Django does; tests could ask the primary alone otherwise."""
    if used.connection is None:
        with used.wrap_database_errors:
            used.connect()


@contextmanager
def asked_at(settings, **place):
    """The settings of a site whose replica is there."""
    url = f"postgres://postgres@/{connection.settings_dict['NAME']}"
    made = replica.settings_of(connections.settings["default"], url)["replica"]
    settings.DATABASE_ROUTERS = ["database.replica.Router"]
    outer = connections["replica"] if replica.is_there() else None
    connections.settings["replica"] = made | place
    replica._of_thread.checked_until = 0
    used = connections["replica"] = connections.create_connection("replica")
    used.ensure_connection = partial(connected, used)
    yield
    used.close()
    if outer:
        connections["replica"] = outer
    else:
        del connections["replica"], connections.settings["replica"]


def say_new_words_behind_its_back(follower):
    """What the replica does not hear of yet, and no cache is told."""
    follower.tell("SELECT pg_wal_replay_pause()")
    Campaign.objects.filter(slug="campaign-1").update(title="New words")
    follower.catch_up("pg_last_wal_receive_lsn()")


def words_for(client=None, path="/campaign-1/"):
    cache.clear()
    page = (client or Client()).get(path)
    assert page.status_code == 200
    return "New words" if "New words" in page.text else "Old words"


@release
def test_a_page_is_read_from_the_replica_and_asks_the_primary_nothing(follower):
    say_new_words_behind_its_back(follower)

    with CaptureQueriesContext(connection) as asked:
        shown = words_for()

    assert shown == "Old words"
    assert len(asked) == 0


@release
def test_every_public_page_can_be_read_there(follower):
    for path in PUBLIC:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(path).status_code == 200, path
        assert not replica.pause.is_on, path
        assert asked.captured_queries == [], path


@release
def test_a_browser_that_is_known_reads_what_the_primary_says(follower):
    say_new_words_behind_its_back(follower)
    with_cookie = Client()
    with_cookie.cookies["any"] = "thing"

    assert words_for(with_cookie) == "New words"


@release
def test_a_page_that_was_just_changed_is_read_where_it_was_written(follower):
    assert words_for() == "Old words"
    say_new_words_behind_its_back(follower)
    page_cache.forget("/campaign-1/")

    assert "New words" in Client().get("/campaign-1/").text


@release
def test_a_replica_that_is_behind_is_not_asked(follower, monkeypatch):
    monkeypatch.setattr(replica, "MOST_SECONDS_BEHIND", 0)
    say_new_words_behind_its_back(follower)

    assert words_for() == "New words"


def test_webs_without_a_common_cache_agree_within_ten_seconds():
    """One may keep a page that it has read there just before a check."""
    oldest = LIMIT_BEHIND + replica.CHECK_SECONDS

    assert page_cache.FRESH_SECONDS + oldest < 10


NAMES = ["Ann Erased", "Bo Hidden", "Cy Withdrawn"]


def names_shown():
    page = Client().get("/campaign-1/signatures/newest/")
    assert page.status_code == 200
    return [name for name in NAMES if name in page.text]


@pytest.mark.usefixtures("names_at_once")
def test_a_name_that_is_gone_shows_for_seconds_where_a_replica_is_behind(
    follower, monkeypatch
):
    """Its owner erased or withdrew it, or a moderator hid it."""
    petition = Petition.objects.get()
    ann, bo, cy = (
        make_counted(petition, name=name, email=f"{name[:2]}@mail.example")[0]
        for name in NAMES
    )
    follower.catch_up()
    cache.clear()
    assert names_shown() == NAMES
    follower.tell("SELECT pg_wal_replay_pause()")
    ann.confirmation.supporter.erase()
    cy.withdraw()

    # From the cache, and on another web from the replica while it may be asked.
    assert names_shown() == NAMES
    cache.clear()
    assert names_shown() == NAMES
    # What a moderator hides is read where that is written, from now on.
    bo.public_name.decide(NameDecision.HIDE, by=make_staff("mo"))
    assert names_shown() == []

    # After LIMIT_BEHIND and CHECK_SECONDS, no other web reads it there. What one has
    # read before is fresh for FRESH_SECONDS: together that is below ten.
    cache.clear()
    assert names_shown() == NAMES
    monkeypatch.setattr(replica, "MOST_SECONDS_BEHIND", 0)
    follower.catch_up("pg_last_wal_receive_lsn()")
    replica._of_thread.checked_until = 0
    assert names_shown() == NAMES
    monkeypatch.setattr(page_cache.Entry, "is_fresh", False)
    assert names_shown() == []


@release
def test_a_replica_that_has_heard_of_no_worker_lately_is_not_asked(follower):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = '2020-01-01'")
    follower.catch_up()
    say_new_words_behind_its_back(follower)

    assert words_for() == "New words"


class Wire:
    """Between the site and the replica; says nothing any more once it is cut."""

    def __init__(self, socket_path):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.is_cut = threading.Event()
        self.socket_path = socket_path
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with suppress(OSError):  # that the test is over
            while True:
                near = self.server.accept()[0]
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.socket_path)
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source, target):
        with suppress(OSError):
            while words := source.recv(65536):
                if not self.is_cut.is_set():
                    target.sendall(words)
            target.close()


@pytest.fixture
def wire(follower, settings, monkeypatch):
    """No answer may take longer than 0.3 seconds; all of a page may."""
    made = Wire(f"{follower.folder}/.s.PGSQL.5432")
    monkeypatch.setattr(replica, "MOST_SECONDS", 0.3)
    with asked_at(settings, HOST="127.0.0.1", PORT=made.port):
        monkeypatch.setattr(replica, "MOST_SECONDS", 60)
        yield made
    made.server.close()


@release
def test_nobody_waits_long_for_a_replica_whose_link_is_cut(wire, follower):
    """Its machine still takes what is sent, so that TCP has nothing to complain of."""
    say_new_words_behind_its_back(follower)
    assert words_for() == "Old words"
    wire.is_cut.set()

    begin = time.monotonic()
    assert words_for() == "New words"

    assert 0.3 < time.monotonic() - begin < SOON
    assert replica.pause.is_on
    assert connections["replica"].connection is None


@release
def test_a_page_of_many_statements_over_a_slow_link_is_read_elsewhere(
    wire, follower, monkeypatch
):
    """No statement begins when the page has had its time."""
    say_new_words_behind_its_back(follower)
    assert words_for() == "Old words"
    monkeypatch.setattr(replica, "MOST_SECONDS", 0)

    assert words_for() == "New words"


def test_one_request_asks_first_whether_a_replica_is_back(follower, monkeypatch):
    monkeypatch.setattr(replica, "pause", Pause(-1))  # over at once
    replica.pause.begin()
    seen = []

    assert (
        replica.read(lambda: seen.append(replica.pause.has_begun) or "page") == "page"
    )

    assert seen == [True]  # and so nobody else asks meanwhile
    assert not replica.pause.has_begun  # from now on everybody does


def test_one_reader_waits_for_a_replica_that_hangs_and_all_get_the_page(settings):
    make_campaign(title="Free the bears")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        pages, begin = [], time.monotonic()
        with asked_at(settings, HOST="127.0.0.1", PORT=port):
            for _ in range(3):
                cache.clear()
                pages.append(Client().get("/campaign-1/"))
            call_command("check")  # nor does a worker that starts
        server.accept()[0].close()
        assert time.monotonic() - begin < SOON
        with pytest.raises(BlockingIOError):  # nobody else has come
            server.accept()

    assert [page.status_code for page in pages] == [200] * 3
    assert all("Free the bears" in page.text for page in pages)
