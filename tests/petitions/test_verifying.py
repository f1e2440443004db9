"""The count beside its rows: equal in every snapshot, and put right when it is not."""

import io
import subprocess
import sys
import threading

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from petitions.counting import tasks, verifying
from petitions.counting.models import ROLLING_UP
from petitions.models import Link, Signature, TallyEntry
from staff.models import Alert
from tests.factories import make_counted, make_petition, sign
from tests.worker import worker_environment

READS, ROLL_UPS, WRITERS = 10_000, 100, 8
# Each turn of the loop is a statement with a snapshot of its own.
READ = """
DO $$
DECLARE valid bigint; said bigint; linked bigint;
BEGIN
    FOR n IN 1..500 LOOP
        SELECT (SELECT count(*) FROM petitions_signature WHERE counted),
               (SELECT coalesce(sum(delta), 0) FROM petitions_tallyentry),
               (SELECT coalesce(sum(delta), 0) FROM petitions_link)
               + (SELECT coalesce(sum(delta), 0) FROM petitions_tallyentry
                  WHERE commitment IS NOT NULL)
        INTO valid, said, linked;
        ASSERT valid = said AND valid = linked,
            format('%s valid, %s said, %s linked', valid, said, linked);
    END LOOP;
END $$
"""


def read_while_people_sign(petition, roll_up):
    """Read 3,000 times while eight confirm and withdraw and `roll_up` runs 40 times."""
    read_enough, faults = threading.Event(), []

    def in_thread(act):
        def do():
            try:
                act()
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=do)
        thread.start()
        return thread

    def write(writer):
        number = 0
        while not read_enough.is_set():
            number += 1
            email = f"p{writer}-{number}@mail.example"
            signature = sign(petition, email=email)
            signature.confirm()
            if number % 2:
                signature.withdraw()
            connection.close()  # back to the pool, as after a request

    def roll_up_often():
        for _ in range(ROLL_UPS):
            if not read_enough.is_set():
                roll_up()
                connection.close()

    writers = [
        in_thread(lambda writer=writer: write(writer)) for writer in range(WRITERS)
    ]
    roller = in_thread(roll_up_often)
    reads = 0
    try:
        with connection.cursor() as cursor:
            while reads < READS or roller.is_alive():
                cursor.execute(READ)
                reads += 500
    finally:
        read_enough.set()
        for thread in [*writers, roller]:
            thread.join()
    assert faults == []


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_every_reader_sees_the_count_of_the_rows_also_when_the_worker_is_killed():
    petition = make_petition()
    for number in range(ROLL_UPS):
        tasks.roll_up_tally.configure(queueing_lock=f"roll up {number}").defer(
            timestamp=0
        )
    worker = start_worker()
    roll_ups = iter(range(ROLL_UPS))

    def roll_up():
        if next(roll_ups) == ROLL_UPS // 2:
            wait_until_it_rolls_up()
            worker.kill()
        TallyEntry.roll_up()

    try:
        read_while_people_sign(petition, roll_up)
    finally:
        worker.kill()
        worker.wait()

    assert Signature.objects.counted().count() == petition.standing.count > WRITERS
    TallyEntry.roll_up()
    assert Link.objects.total() == petition.standing.count
    assert verifying.drifts() == []


@pytest.mark.django_db(transaction=True)
def test_the_readers_would_notice_a_roll_up_in_two_steps():
    def roll_up():
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM petitions_tallyentry RETURNING petition_id, delta"
            )
            for petition, delta in cursor.fetchall():
                TallyEntry.objects.create(
                    petition_id=petition, country="GB", delta=delta
                )

    with pytest.raises(Exception, match=r"\d+ valid, -?\d+ said"):
        read_while_people_sign(make_petition(), roll_up)


def start_worker():
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"],
        cwd=settings.ROOT,
        env=worker_environment(9),
        stderr=subprocess.DEVNULL,
    )


def wait_until_it_rolls_up():
    while not ProcrastinateJob.objects.filter(
        task_name="petitions.fold_tally", status="succeeded"
    ).exists():
        TallyEntry.roll_up()


@pytest.mark.django_db
def test_what_was_counted_wrongly_is_put_right_and_told_to_the_campaigners(
    mailbox, work
):
    petition = make_petition()
    make_counted(petition, 3)
    TallyEntry.roll_up()
    petition.tally.create(country="PT", delta=2)
    Link.objects.filter(number=3).delete()

    said = run("verify_counts", "--dry-run")
    assert "the count for PT was 2, and its signatures are 0" in said
    assert "the public list of the count came to 2, and the signatures are 3" in said
    assert petition.tally.count() == 2

    assert "Put right." in run("verify_counts")

    assert type(petition).objects.get().standing.count == 3
    assert Link.objects.total() == 3
    assert run("verify_counts") == "Every count is that of its signatures.\n"
    alert = Alert.objects.get()
    assert "the count for PT was 2" in alert.words
    work()
    contact = settings.CONTACT_EMAIL
    [told] = [mail for mail in mailbox.messages if mail["To"] == contact]
    assert "the count for PT was 2" in told.get_body(("plain",)).get_content()


@pytest.mark.django_db
def test_no_roll_up_waits_while_everything_is_counted():
    """A million rows take a second, and a hundred million minutes."""
    make_counted(make_petition(), 3)
    url = worker_environment(0)["DATABASE_URL"]
    with psycopg.connect(url) as rolling_up, connection.cursor() as cursor:
        rolling_up.execute("SELECT pg_advisory_xact_lock(%s)", [ROLLING_UP])
        cursor.execute("SET LOCAL lock_timeout = '1ms'")

        assert verifying.verify() == []


def run(*command):
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()
