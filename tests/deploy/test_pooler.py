"""The site behind a real PgBouncer: what works through it, and what goes around it."""

import os
import re
import subprocess
import sys
from itertools import chain

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.db.utils import ConnectionHandler
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from outbox.claiming import ONE_CLAIM_AT_A_TIME
from petitions.models import Signature
from tests.campaign_site.test_settings import COMPLETE
from tests.deploy.visitor import HOST, sign
from tests.deploy.web import running_gunicorn
from tests.factories import make_petition
from tests.pooler import PGBOUNCER, running_pgbouncer
from tests.test_architecture import ROOT
from tests.worker import worker_environment

SECONDS = 300  # for a process to start, on a machine that does other things
behind_a_pooler = [
    pytest.mark.release,
    pytest.mark.skipif(not PGBOUNCER, reason="there is no PgBouncer on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_clock,
]


def long(test):
    for mark in behind_a_pooler:
        test = mark(test)
    return test


@pytest.fixture
def pooled(transactional_db, tmp_path):
    # PgBouncer reads its file as nobody.
    with running_pgbouncer(tmp_path) as url:
        yield url


@pytest.fixture
def clients(pooled):
    """A maker of connections like those of web processes, each a client of its own."""
    opened = []

    def connect(**changed):
        url = re.fullmatch(r"postgres://(.+)@(.+):(\d+)/(.+)", pooled)
        names = ("USER", "HOST", "PORT", "NAME")
        own = dict(zip(names, url.groups(), strict=True))
        handler = ConnectionHandler(
            {"default": {**connection.settings_dict, **own, **changed}}
        )
        opened.append(handler["default"])
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def manage(pooled, *command, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        # Tests with a browser need this one, and a deployment is warned of it.
        env=os.environ
        | {"DATABASE_URL": pooled, "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.release
def test_eight_web_threads_sign_over_two_connections(pooled, tmp_path):
    make_petition()
    direct = worker_environment(9)["DATABASE_URL"]
    urls = {"DATABASE_URL": pooled, "DIRECT_DATABASE_URL": direct}

    with running_gunicorn(tmp_path, **urls, SITE_URL=f"http://{HOST}") as web:
        # So often that each thread has prepared its statements (prepare_threshold).
        statuses = [sign(web.port, f"p{i}@mail.example")[0] for i in range(64)]

    assert statuses == [302] * 64
    assert Signature.objects.count() == 64


@pytest.mark.release
def test_a_job_that_a_web_defers_starts_at_once(pooled, clients):
    direct = worker_environment(9)["DATABASE_URL"]
    assert manage(pooled, "check", "--deploy").stderr.count("database.W001") == 1
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env=worker_environment(9)
        | {"DATABASE_URL": pooled, "DIRECT_DATABASE_URL": direct},
    )
    try:
        wait_for(
            "SELECT count(*) >= 2 FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )
        # The next time it looks by itself is seconds away.
        defer = "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
        defer += " VALUES ('default', 'petitions.make_bundle', '{\"bundle_pk\": 0}')"
        with clients().cursor() as cursor:
            cursor.execute(defer)
        wait_for("SELECT bool_and(status = 'succeeded') FROM procrastinate_jobs")
    finally:
        worker.terminate()
        worker.wait(SECONDS)

    job = ProcrastinateJob.objects.get(task_name="petitions.make_bundle")
    moments = ProcrastinateEvent.objects.filter(job=job.pk)
    begun, deferred = (moments.get(type=kind).at for kind in ("started", "deferred"))
    assert (begun - deferred).total_seconds() < 1


def wait_for(question):
    """Ask the database until it says yes."""
    with connection.cursor() as cursor:
        for _ in range(SECONDS * 20):
            cursor.execute(question)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError(question)


@pytest.mark.release
def test_the_check_of_a_deployment_finds_a_worker_that_would_hear_nothing(pooled):
    direct = worker_environment(9)["DATABASE_URL"]
    server = COMPLETE | {"DEVELOPMENT": "0"}

    deaf = manage(pooled, "check", "--deploy", **server | {"DATABASE_URL": pooled})
    hears = manage(
        pooled,
        *("check", "--deploy", "--fail-level", "WARNING"),
        **server | {"DATABASE_URL": pooled, "DIRECT_DATABASE_URL": direct},
    )

    assert "(database.W001) No notification comes through this address" in deaf.stderr
    assert "Set DIRECT_DATABASE_URL" in deaf.stderr
    assert hears.returncode == 0


@pytest.mark.release
def test_a_list_is_read_to_its_end_while_others_work(clients):
    """A cursor of the server would be on a connection that another client has."""
    read = {}
    for is_off in (False, True):
        reader, other = (clients(DISABLE_SERVER_SIDE_CURSORS=is_off) for _ in range(2))
        try:
            read[is_off] = in_turns(reader, other)
        except ProgrammingError:  # the cursor does not exist
            read[is_off] = "lost"

    assert read == {False: "lost", True: 1000}


def in_turns(reader, other):
    # As a queryset's iterator() chooses.
    is_off = reader.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    make = reader.cursor if is_off else reader.chunked_cursor
    with make() as cursor:
        cursor.execute("SELECT generate_series(1, 1000)")
        number = len(cursor.fetchmany(10))
        other.set_autocommit(autocommit=False)
        try:
            with other.cursor() as busy:
                busy.execute("SELECT 1")  # and keeps the connection until it commits
                number += len(cursor.fetchall())
        finally:
            other.rollback()
    return number


@pytest.mark.release
def test_a_lock_keeps_others_out_until_its_transaction_ends(clients):
    first, second = clients(), clients()
    for client in (first, second):
        client.set_autocommit(autocommit=False)
    with first.cursor() as one, second.cursor() as two:
        one.execute(ONE_CLAIM_AT_A_TIME)
        two.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.connection.execute(ONE_CLAIM_AT_A_TIME)
        second.rollback()
        first.commit()
        two.execute("SET LOCAL lock_timeout = '100ms'")
        two.execute(ONE_CLAIM_AT_A_TIME)


def test_nothing_is_set_or_locked_for_longer_than_a_transaction():
    """The next client of a pooler's connection would have it, too."""
    outlives = re.compile(
        r"pg_(?:try_)?advisory_lock|[\"'](?:LISTEN|DISCARD|PREPARE|DECLARE) "
        r"|[\"']SET (?!LOCAL |TRANSACTION |%)|set_config\([^)]*false"
    )
    ours = chain.from_iterable(
        folder.rglob("*.py")
        for folder in ROOT.iterdir()
        if (folder / "__init__.py").exists() and folder.name != "tests"
    )

    found = [
        str(file.relative_to(ROOT))
        for file in sorted(ours)
        if outlives.search(file.read_text(encoding="utf-8"))
    ]

    # The check of a deployment and the trial of a restore have their own connections.
    assert found == ["campaign_site/backups/trial.py", "database/checks.py"]
