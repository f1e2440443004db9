"""What has had its time goes by itself, in a run each night, and says so."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from comments.models import Comment
from database import retention
from letters.models import Letter
from outbox.models import OutgoingMail
from outbox.suppressions import address_hash
from petitions.models import Signature
from supporters.models import (
    Confirmation,
    Consent,
    Erasure,
    Follow,
    Mailing,
    RetentionRun,
    Supporter,
    UpdateForFollower,
    Visit,
)
from tests.factories import (
    hand_over,
    make_campaign,
    make_counted,
    make_follow,
    make_petition,
    make_staff,
    make_update,
    sign,
    write_comment,
)
from tests.letters.makers import confirmed

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.now() + timedelta(days=days)


def dry_run():
    said = io.StringIO()
    call_command("forget", "--dry-run", stdout=said)
    return said.getvalue()


def test_signers_become_anonymous_six_months_after_the_end(time_machine):
    petition = make_petition()
    make_counted(petition, 2, country="PT")
    days = {s.confirmed_at.date() for s in petition.signatures.all()}
    petition.campaign.close()
    hand_over(petition.campaign)

    time_machine.move_to(in_days(179))
    RetentionRun.run()
    assert not petition.signatures.filter(name="").exists()
    time_machine.move_to(in_days(6))
    RetentionRun.run()

    assert petition.standing.count == petition.signatures.counted().count() == 2
    for signature in petition.signatures.all():
        assert (signature.name, signature.city, signature.confirmation) == (
            "",
            "",
            None,
        )
        assert signature.country == "PT"
        assert {signature.confirmed_at.date()} == days
    for model in (Supporter, Confirmation, Consent):
        assert not model.objects.exists()


def test_signers_of_an_open_petition_stay(time_machine):
    petition = make_petition(closes_at=None)
    make_counted(petition, 2)

    time_machine.move_to(in_days(900))
    RetentionRun.run()

    assert petition.signatures.exclude(name="").count() == 2


def test_writers_become_anonymous_with_the_signers(mailbox, work, time_machine):
    letter = confirmed()
    work()
    letter.campaign.close()

    time_machine.move_to(in_days(29))
    RetentionRun.run()
    letter.refresh_from_db()
    assert (letter.text, letter.name) == ("", "Ada Lovelace")
    time_machine.move_to(in_days(160))
    RetentionRun.run()

    assert (Letter.objects.get().name, Letter.objects.get().confirmation) == ("", None)
    assert letter.deliveries.count() == 3
    assert not Supporter.objects.exists()


def test_a_comment_that_shows_stays_with_its_writer(time_machine):
    campaign = make_campaign()
    shown = write_comment(campaign, "Shown.")
    hidden = write_comment(campaign, "Hidden.")
    shown.moderated_by(None).show()
    hidden.moderated_by(None).hide("hate")
    campaign.close()

    time_machine.move_to(in_days(190))
    RetentionRun.run()

    assert [c.text for c in Comment.objects.order_by("pk")] == ["Shown.", ""]


def test_visits_and_old_hashes_of_erasures_go(time_machine):
    Visit.objects.request("ada@mail.example", "en")
    Erasure.objects.note("bo@mail.example")

    time_machine.move_to(in_days(2))
    RetentionRun.run()
    assert not Visit.objects.exists()
    assert not Supporter.objects.exists()
    assert Erasure.objects.exists()
    time_machine.move_to(in_days(364))
    RetentionRun.run()

    assert not Erasure.objects.exists()


def test_a_stopped_follow_goes_after_30_days_with_whom_updates_went_to(
    mailbox, work, time_machine
):
    campaign = make_campaign()
    stops, goes_on = make_follow(campaign), make_follow(campaign, "bo@mail.example")
    Mailing.objects.send(make_update(campaign), by=None)
    work()
    stops.stop()

    time_machine.move_to(in_days(29))
    assert "follows that were stopped" in dry_run()
    assert RetentionRun.run().report["stopped follows"] == 0
    time_machine.move_to(in_days(2))
    report = RetentionRun.run().report

    assert (report["stopped follows"], report["updates for followers"]) == (1, 1)
    assert [s.email for s in Supporter.objects.all()] == ["bo@mail.example"]
    time_machine.move_to(in_days(150))
    assert RetentionRun.run().report["updates for followers"] == 1
    assert Follow.objects.get() == goes_on
    assert Mailing.objects.get().numbers()["sent"] == 2
    assert not UpdateForFollower.objects.exclude(supporter=None).exists()


def test_notes_of_mails_go_after_180_days(mailbox, work, time_machine):
    [signature] = make_counted(make_petition(), 1)
    work()
    OutgoingMail.objects.open().delete()  # that of thanks
    confirmation = signature.confirmation
    assert OutgoingMail.objects.get().email == confirmation.email

    time_machine.move_to(in_days(11))
    assert RetentionRun.run().report["addresses of mails"] == 1
    assert OutgoingMail.objects.get().email == ""
    time_machine.move_to(in_days(168))
    assert RetentionRun.run().report["outgoing emails"] == 0
    time_machine.move_to(in_days(2))

    assert RetentionRun.run().report["outgoing emails"] == 1
    assert Confirmation.objects.get() == confirmation


def test_the_note_of_a_mail_that_was_settled_late_is_kept_from_then(
    mailbox, work, time_machine
):
    make_counted(make_petition(), 1)
    work()
    OutgoingMail.objects.open().delete()  # that of thanks
    OutgoingMail.objects.update(queued_at=in_days(-179), settled_at=in_days(-1))
    time_machine.move_to(in_days(2))

    assert RetentionRun.run().report["outgoing emails"] == 0
    assert OutgoingMail.objects.count() == 1
    time_machine.move_to(in_days(178))
    assert RetentionRun.run().report["outgoing emails"] == 1


def test_with_an_unconfirmed_person_go_the_notes_of_mails_to_them(
    mailbox, work, time_machine
):
    petition = make_petition()
    for email in ("ada@own.example", "ada@gmail.com", "bo@mail.example"):
        signature = sign(petition, email=email)
    signature.confirm()
    work()
    time_machine.move_to(in_days(8.5))
    work()  # reminders
    OutgoingMail.objects.queue_for_staff("comment_digest", 1, [make_staff("cy")])
    staff = OutgoingMail.objects.filter(purpose="comment_digest")
    staff.update(address_hash=address_hash("ada@own.example"), email="ada@own.example")
    time_machine.move_to(in_days(8.5))

    call_command("forget")

    assert not Supporter.objects.filter(email__startswith="ada").exists()
    left = OutgoingMail.objects.exclude(purpose="comment_digest")
    hashes = {address_hash(f"ada@{domain}") for domain in ("own.example", "gmail.com")}
    assert not hashes & {
        bytes(each) for each in left.values_list("address_hash", flat=True)
    }
    assert "own.example" not in set(left.values_list("domain", flat=True))
    assert not left.filter(email__startswith="ada").exists()
    [of_gmail, *_] = left.filter(domain="gmail.com")
    assert (of_gmail.email, of_gmail.about, of_gmail.outcome) == ("", None, "sent")
    assert left.filter(domain="mail.example").exists()
    assert staff.exists()


def test_what_a_reader_reported_goes_30_days_after_the_answer(time_machine):
    comment = write_comment(make_campaign())
    comment.moderated_by(None).show()
    comment.report(reason="hate", words="It is me!", network_hash="a" * 32)
    time_machine.move_to(in_days(40))
    assert RetentionRun.run().report["words of reports"] == 0
    comment.moderated_by(make_staff()).show()
    time_machine.move_to(in_days(31))

    assert RetentionRun.run().report["words of reports"] == 1
    assert [(r.reason, r.words) for r in comment.reports.all()] == [("hate", "")]


def test_finished_jobs_go_after_a_day(settings):
    campaign = make_petition().campaign
    for _number in range(2):
        Mailing.objects.send(make_update(campaign), by=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '25 h'")
    Mailing.objects.send(make_update(campaign), by=None)
    assert retention.finished_jobs().count() == 2

    report = RetentionRun.run().report

    assert report["jobs"] == 2
    assert ProcrastinateJob.objects.count() == 1
    assert ProcrastinateEvent.objects.count() == 1
    settings.KEEP_FINISHED_JOBS_HOURS = 0
    assert not retention.finished_jobs()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(time_machine):
    petition = make_petition()
    make_counted(petition, 3)
    sign(petition)
    petition.campaign.close()
    hand_over(petition.campaign)
    time_machine.move_to(in_days(190))

    said = dry_run()

    assert "       3  names, cities and email addresses of signers" in said
    assert "       1  signatures that nobody confirmed in time" in said
    assert Signature.objects.exclude(name="").count() == 4
    assert not RetentionRun.objects.exists()


def test_the_command_does_it_and_again_there_is_nothing_to_do(time_machine):
    petition = make_petition()
    make_counted(petition, 3)
    petition.campaign.close()
    hand_over(petition.campaign)
    time_machine.move_to(in_days(190))
    call_command("forget", stdout=io.StringIO())

    again = RetentionRun.run()

    assert set(again.report.values()) == {0}
    assert RetentionRun.objects.count() == 2


def test_staff_read_what_the_nights_did(client, time_machine):
    client.force_login(make_staff("bo", "Campaigners"))
    sign(make_petition())
    time_machine.move_to(in_days(8))
    client.force_login(make_staff("di", "Campaigners"))
    run = RetentionRun.run()

    runs = client.get("/admin/supporters/retentionrun/").text
    page = client.get(f"/admin/supporters/retentionrun/{run.pk}/change/").text

    assert f'data-label="Deleted">{sum(run.report.values())}<' in runs
    assert "1: signatures that nobody confirmed in time" in page
    assert client.get("/admin/supporters/retentionrun/add/").status_code == 403


def test_staff_read_what_was_agreed_to_and_cannot_change_it(client):
    signature = sign(make_petition(), consents=[("signature", "I ask this.", "1")])
    consent = Consent.objects.get()
    consent.withdraw()
    client.force_login(make_staff("bo", "Campaigners"))

    consents = client.get("/admin/supporters/consent/").text
    page = client.get(f"/admin/supporters/consent/{consent.pk}/change/").text
    act = client.get(f"/admin/petitions/signature/{signature.pk}/change/").text

    assert "I ask this." in consents
    assert "ada@mail.example" in page
    assert 'name="words"' not in page
    assert "I ask this. (withdrawn" in act
    assert client.get("/admin/supporters/consent/add/").status_code == 403


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ((2026, 11, 25), 6, (2026, 5, 25)),
        ((2026, 8, 31), 6, (2026, 2, 28)),
        ((2026, 3, 15), 6, (2025, 9, 15)),
        ((2026, 12, 31), 1, (2026, 11, 30)),
        ((2026, 12, 31), 12, (2025, 12, 31)),
    ],
)
def test_months_are_those_of_the_calendar(time_machine, now, months, then):
    time_machine.move_to(datetime(*now, 12, tzinfo=UTC), tick=False)

    assert retention.months_ago(months) == datetime(*then, 12, tzinfo=UTC)
