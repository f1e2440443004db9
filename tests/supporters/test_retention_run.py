"""The retention run at any size: in batches, past faults, killed, or short of time."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from database import retention
from safeguards.counters import Hits
from supporters.models import Follow, RetentionRun, Supporter
from supporters.people.models import SupporterQuerySet
from supporters.personal_data.tasks import forget
from tests.concurrency import at_once, wait_until_somebody_waits_for_a_row
from tests.factories import follow, make_staff

MORE_THAN_A_STATEMENT_TAKES = 65_536


def old_hits(number):
    """Counters whose time is over, as a busy week leaves them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Hits._meta.db_table} (key, ends_at, count)"
            " SELECT substring(sha256(n::text::bytea) FOR 16),"
            " now() - interval '3 days', 1 FROM generate_series(1, %s) AS n",
            [number],
        )


def forgotten_addresses(*names):
    for name in names:
        Supporter.objects.create(email=f"{name}@mail.example")


def let_no_address_go(only=""):
    """Rows that the database does not let go, whatever the reason; all, or one."""
    which = f"WHEN (OLD.email = '{only}')" if only else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'It stays.'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER stay BEFORE DELETE ON supporters_supporter"
            f" FOR EACH ROW {which} EXECUTE FUNCTION stay()"
        )


def rule(name):
    return next(rule for rule in retention.rules() if rule.name == name)


@pytest.mark.django_db
def test_a_rule_forgets_more_rows_than_one_statement_takes():
    old_hits(MORE_THAN_A_STATEMENT_TAKES)

    report = RetentionRun.run().report

    assert report["counters"] == MORE_THAN_A_STATEMENT_TAKES
    assert not Hits.objects.exists()
    assert set(RetentionRun.run().report.values()) == {0}


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_night_had_done_is_done_and_the_next_goes_on():
    old_hits(2 * retention.BATCH + 10)
    at_work = rule("counters").run()

    next(at_work)
    aside = connection.copy()  # what another worker sees, if this one dies now
    with aside.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {Hits._meta.db_table}")
        assert cursor.fetchone() == (retention.BATCH + 10,)
    aside.close()
    at_work.close()

    assert RetentionRun.run().report["counters"] == retention.BATCH + 10


@pytest.mark.django_db
def test_a_row_that_cannot_go_keeps_no_other_row_and_staff_see_it(client):
    client.force_login(make_staff("bo", "Campaigners", email="bo@site.example"))
    forgotten_addresses("ada", "bo", "cy", "di", "ed")
    let_no_address_go("cy@mail.example")

    with pytest.raises(ExceptionGroup):
        forget(timestamp=0)

    assert [s.email for s in Supporter.objects.all()] == ["cy@mail.example"]
    run = RetentionRun.objects.get()
    assert run.report["addresses"] == 4
    assert (run.report["retention runs"], run.ended_at is None) == (0, False)
    page = client.get(f"/admin/supporters/retentionrun/{run.pk}/change/").text
    assert "email addresses that nothing else uses (fault: " in page
    assert "mail.example" not in page


@pytest.mark.django_db
def test_a_rule_whose_rows_all_fail_ends_and_the_others_do_their_work():
    forgotten_addresses(*(f"p{n}" for n in range(50)))
    old_hits(3)
    let_no_address_go()

    with pytest.raises(ExceptionGroup):
        RetentionRun.run()

    run = RetentionRun.objects.get()
    assert (run.report["addresses"], run.report["counters"]) == (0, 3)
    assert list(run.unfinished) == ["addresses"]


@pytest.mark.django_db
def test_a_rule_that_takes_too_long_leaves_the_rest_to_the_next_night(settings):
    old_hits(5)
    settings.RETENTION_MINUTES_A_RULE = 0

    said = io.StringIO()
    call_command("forget", stdout=said)

    # The rates of mails count by the second, and are over in a moment.
    a_day_ago = timezone.now() - timedelta(days=1)
    assert Hits.objects.filter(ends_at__lt=a_day_ago).count() == 5
    assert RetentionRun.objects.get().unfinished == {"counters": "late"}
    assert "after their day (stopped after 0 minutes)" in said.getvalue()
    settings.RETENTION_MINUTES_A_RULE = 30
    assert RetentionRun.run().report["counters"] == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("delete", [SupporterQuerySet.forget, retention.delete])
def test_who_comes_back_while_the_night_deletes_them_stays(delete):
    Supporter.objects.create(email="ada@mail.example")
    has_come, deleted = threading.Event(), []

    def come():
        with transaction.atomic():
            follow(email="ada@mail.example")
            has_come.set()
            wait_until_somebody_waits_for_a_row()

    def forget_meanwhile():
        has_come.wait(60)
        with transaction.atomic():
            deleted.append(delete(Supporter.objects.without_acts()))

    at_once([come, forget_meanwhile])

    assert deleted == [0]
    assert Follow.objects.get().supporter.email == "ada@mail.example"
