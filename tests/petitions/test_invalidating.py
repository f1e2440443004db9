"""Signatures taken out of the count together, and put back: the count stays exact."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from petitions.counting import verifying
from petitions.fraud import models
from petitions.fraud.models import BATCH
from petitions.models import Invalidation, Link, Signature, TallyEntry
from supporters.models import RetentionRun
from tests.factories import make_counted, make_petition, make_staff, sign
from tests.petitions.test_counting import make_standing
from tests.supporters.my_page import enter
from tests.worker import worker_environment


def invalidate(petition, rows=None, by=None):
    if rows is None:
        rows = petition.signatures.can_be_invalidated()
    return Invalidation.start(petition, rows, by=by, reason="Made up.", found_by="all")


def many_counted(petition, number):
    """Confirmed signatures of as many people, written at once, and rolled up."""
    [first] = make_counted(petition)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH people AS (
                INSERT INTO supporters_supporter (email, cookie_version)
                SELECT 'p' || n || '@many.example', 1 FROM generate_series(2, %s) AS n
                RETURNING id
            ), asked AS (
                INSERT INTO supporters_confirmation
                    (supporter_id, campaign_id, kind, language, issue, tries, used_at)
                SELECT people.id, campaign_id, kind, language, 1, 0, now()
                FROM people, supporters_confirmation AS c WHERE c.id = %s
                RETURNING id
            ), signed AS (
                INSERT INTO petitions_signature (petition_id, confirmation_id, name,
                    city, country, shown_as, shown_name, held_for, counted,
                    canonical_email, seat, withdrawal_key, confirmed_at, salt,
                    commitment)
                SELECT %s, id, 'Row ' || id, '', (ARRAY['GB', 'PT'])[1 + id %% 2], 'no',
                    '', '', true, id || '@many.example', 1, 'key' || id, now(),
                    sha256(id::text::bytea), sha256(id::text::bytea)
                FROM asked RETURNING petition_id, country, commitment
            )
            INSERT INTO petitions_tallyentry (petition_id, country, delta, commitment)
            SELECT petition_id, country, 1, commitment FROM signed
            """,
            [number, first.confirmation_id, petition.pk],
        )
    TallyEntry.roll_up()


@pytest.mark.django_db
def test_many_are_taken_out_and_put_back_and_every_count_agrees(
    django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(models, "BATCH", 100)
    petition = make_petition()
    many_counted(petition, 300)  # four batches with those below
    make_counted(petition, 1, email="left@mail.example")
    pending = sign(petition, email="pending@mail.example")
    left = Signature.objects.get(name="Ada Lovelace", confirmation__used_at=None)
    act = invalidate(
        petition,
        petition.signatures.can_be_invalidated().exclude(
            confirmation__supporter__email="left@mail.example"
        ),
        by=make_staff(),
    )
    sign(petition, email="late@mail.example").confirm()
    assert act.number == 301
    assert pending == left

    assert act._batch()
    assert (make_standing(petition).count, verifying.drifts()) == (202, [])
    with django_assert_max_num_queries(11 * 5):
        act.go_on()

    act.refresh_from_db()
    assert (act.is_at_work, act.taken_out, act.done) == (False, 300, 301)
    assert make_standing(petition).count == 2
    assert verifying.drifts() == []
    TallyEntry.roll_up()
    assert verifying.drifts() == []
    assert Link.objects.filter(petition=petition, delta=-1).count() == 300
    act.go_on()
    assert make_standing(petition).count == 2

    assert act.undo(by=None)
    assert not act.undo(by=None)
    act.go_on()

    act.refresh_from_db()
    assert (act.is_at_work, act.put_back, act.left_out) == (False, 301, 0)
    assert make_standing(petition).count == 302
    assert petition.signatures.pending().get() == pending
    TallyEntry.roll_up()
    assert verifying.drifts() == []


@pytest.mark.django_db
def test_who_was_taken_out_reads_it_can_object_and_sign_again(client, mailbox, work):
    petition = make_petition()
    counted, pending = sign(petition), sign(petition, email="bo@mail.example")
    work()
    button = mailbox.path_to("confirmation")
    counted.confirm()
    key = f"/campaign-1/signatures/{counted.withdrawal_key}/withdrawal/"

    act = invalidate(petition)
    work()

    assert make_standing(petition).count == 0
    page = client.get(key).text
    assert "Your signature is out of the count" in page
    assert "mailto:hello@letters.example" in page
    assert "sign again" in page
    mine = client.get(enter(client, mailbox, work)).text
    assert "Taken out of the count." in mine
    assert "mailto:hello@letters.example" in mine
    # Whoever presses the button of the mail afterwards is told the same.
    page = client.post(button, follow=True).text
    assert "Your signature is out of the count" in page
    assert make_standing(petition).count == 0
    thanks = client.get("/campaign-1/signatures/thanks/").text
    assert "Later we took some signatures out of the count" in thanks
    assert "From this mailbox" not in thanks
    # Asked for again, the mail says it, too.
    mailbox.clear()
    counted.refresh_from_db()
    client.post(f"{counted.inbox_url}mail/", {"email": "ada@mail.example"})
    work()
    assert mailbox.last()["Subject"] == "Your signature is out of the count"
    assert counted.state == "taken out of the count"

    again = sign(petition)
    again.confirm()
    assert make_standing(petition).count == 1

    act.undo(by=None)
    work()

    act.refresh_from_db()
    assert (act.put_back, act.left_out) == (1, 1)
    counted.refresh_from_db()
    pending.refresh_from_db()
    again.refresh_from_db()
    # Bo, who confirmed in between, is counted now; Ada by her second signature.
    assert (counted.counted, again.counted, pending.counted) == (False, True, True)
    assert make_standing(petition).count == 2
    assert verifying.drifts() == []


@pytest.mark.django_db
def test_a_second_person_of_the_mailbox_does_not_keep_the_first_out():
    petition = make_petition()
    sign(petition).confirm()
    act = invalidate(petition)
    act.go_on()
    sign(petition, name="Bo Lovelace").confirm()

    act.undo(by=None)
    act.go_on()

    act.refresh_from_db()
    assert (act.put_back, act.left_out) == (1, 0)
    seats = petition.signatures.counted().values_list("name", "seat")
    assert dict(seats) == {"Bo Lovelace": 1, "Ada Lovelace": 2}
    assert verifying.drifts() == []


@pytest.mark.django_db
def test_two_of_one_mailbox_are_put_back_beside_each_other_and_nobody_twice():
    petition = make_petition()
    sign(petition).confirm()
    sign(petition, name="Bo Lovelace").confirm()
    act = invalidate(petition)
    act.go_on()
    sign(petition, name="Bo Lovelace").confirm()  # on the first seat, which is free

    act.undo(by=None)
    act.go_on()

    act.refresh_from_db()
    assert (act.put_back, act.left_out) == (1, 1)
    names = petition.signatures.counted().values_list("name", flat=True)
    assert sorted(names) == ["Ada Lovelace", "Bo Lovelace"]
    assert verifying.drifts() == []


@pytest.mark.django_db
def test_who_leaves_meanwhile_stays_off():
    petition = make_petition()
    taken_back, erased = make_counted(petition, 2)
    act = invalidate(petition)
    act.go_on()

    taken_back.withdraw()
    erased.confirmation.supporter.erase()
    act.refresh_from_db()
    assert act.found_by == ""  # it may hold the name
    act.undo(by=None)
    act.go_on()

    assert make_standing(petition).count == 0
    assert Signature.objects.get().state == "withdrawn"
    assert verifying.drifts() == []


@pytest.mark.django_db
def test_after_30_days_it_is_final_and_the_signatures_go(time_machine):
    petition = make_petition()
    make_counted(petition, 2)
    sign(petition, email="pending@mail.example")
    act = invalidate(petition, by=make_staff("cy"))
    act.go_on()

    time_machine.move_to(timezone.now() + timedelta(days=29))
    RetentionRun.run()
    assert Signature.objects.count() == 3
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert not Invalidation.objects.get().undo(by=None)
    RetentionRun.run()

    assert not Signature.objects.exists()
    act = Invalidation.objects.get()
    assert (act.number, act.reason, act.by.username) == (3, "Made up.", "cy")
    assert (act.found_by, act.keys) == ("", [])
    assert make_standing(petition).count == 0
    assert verifying.drifts() == []


@pytest.mark.django_db
def test_what_is_out_of_the_count_cannot_be_counted():
    petition = make_petition()
    [signature] = make_counted(petition)
    invalidate(petition).go_on()

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=signature.pk).update(counted=True)


@pytest.mark.django_db
def test_who_is_taken_out_while_they_confirm_does_not_read_that_they_had_signed():
    petition = make_petition()
    signature = sign(petition)
    invalidate(petition).go_on()

    signature.confirm()

    assert not signature.counted
    assert not signature.signer.had_signed_before
    assert make_standing(petition).count == 0


@pytest.mark.real_clock
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_the_count_right_and_another_goes_on(
    mailbox,
):
    petition = make_petition()
    many_counted(petition, 3 * BATCH)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    act = invalidate(petition)
    in_the_way = act.keys[BATCH + 10]

    with transaction.atomic():
        Signature.objects.select_for_update().get(pk=in_the_way)
        worker = start_worker(mailbox)
        wait_until_it_waits(worker)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    act.refresh_from_db()
    assert (act.reached, act.is_at_work) == (BATCH, True)
    assert make_standing(petition).count == 2 * BATCH
    assert verifying.drifts() == []

    with connection.cursor() as cursor:  # what retry_stalled does after a while
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'"
        )
    assert start_worker(mailbox).wait(300) == 0

    act.refresh_from_db()
    assert (act.taken_out, act.is_at_work) == (3 * BATCH, False)
    assert make_standing(petition).count == 0
    assert verifying.drifts() == []


def start_worker(mailbox):
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=settings.ROOT,
        env=worker_environment(mailbox.port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until_it_waits(worker):
    """Until a process of the database waits for what this transaction holds."""
    with connection.cursor() as cursor:
        while worker.poll() is None:
            cursor.execute(
                "SELECT 1 FROM pg_locks"
                " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone():
                return
    raise AssertionError("the worker has ended")


@pytest.mark.django_db
def test_staff_read_of_others_only_when_there_are_any(client):
    petition = make_petition()
    make_counted(petition, 1, name="Ada Lovelace")
    client.force_login(make_staff("cy", "Moderators"))
    desk = "/admin/petitions/signature/fraud/invalidation/"
    path = f"{desk}?petition={petition.pk}&name=Ada*"

    assert "The count goes down by 1." in client.get(path).text
    assert "the others" not in client.get(path).text

    sign(petition, name="Ada Byron", email="byron@mail.example")
    assert "Nobody can confirm the others any more." in client.get(path).text
