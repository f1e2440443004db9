"""Each night a backup, each week a restore that is tried, and both told."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from campaign_site.backups import nightly
from campaign_site.backups.models import Backup, BackupState
from campaign_site.tasks import look_at_backups
from staff.models import Alert
from tests.campaign_site.s3 import s3_server
from tests.campaign_site.test_backup import KEY
from tests.factories import make_counted, make_petition, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path, settings):
    folder = tmp_path / "backups"
    folder.mkdir()
    settings.BACKUPS = str(folder)
    settings.MEDIA_ROOT = tmp_path / "media"
    return folder


@pytest.fixture
def server():
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    with psycopg.connect(url, autocommit=True) as server:
        yield server


def trial_database():
    return f"{connection.settings_dict['NAME'][:40]}_restore_trial"


def is_there(server, name):
    found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def open_alerts():
    return [alert.words for alert in Alert.objects.filter(closed_at=None)]


@pytest.mark.real_clock
def test_a_night_writes_a_backup_and_restores_it_as_a_trial(
    place, server, client, settings, capsys
):
    make_counted(make_petition(), 3)
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.webp").write_bytes(b"picture")

    call_command("backup")

    [backup] = Backup.objects.all()
    file = place / backup.name
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    assert sorted(path.name for path in place.iterdir()) == [
        backup.name,
        f"{backup.name}.sha256",
        "erasures.txt",
    ]
    assert (place / f"{backup.name}.sha256").read_text() == f"{checksum}  {file.name}\n"
    assert (backup.signatures, backup.files, backup.fault) == (3, 1, "")
    assert backup.bytes == file.stat().st_size
    assert backup.tried_at is not None
    assert not is_there(server, trial_database())
    assert not BackupState().fault
    assert "3 signatures, as when it was made." in BackupState().words
    client.force_login(make_staff("bo", "Campaigners"))
    assert (
        f"{timezone.localtime(backup.made_at):%Y}"
        in client.get("/admin/campaign_site/backup/").text
    )

    # The next night none is due; a week later one is.
    assert not Backup.objects.is_trial_due()
    Backup.objects.update(tried_at=timezone.now() - timedelta(days=6, hours=23))
    assert Backup.objects.is_trial_due()


@pytest.mark.real_clock
def test_a_backup_that_cannot_be_restored_is_told(place, server, monkeypatch):
    """Each is written, and changed before it is tried."""
    make_counted(make_petition(), 1)

    def changed(write):
        put = nightly.BackupPlace.put_text
        monkeypatch.setattr(
            nightly.BackupPlace,
            "put_text",
            lambda place, name, text: put(place, name, write(place, name, text)),
        )

    with monkeypatch.context() as patch:
        patch.setattr(
            nightly.archive.counted, "rows", lost(nightly.archive.counted.rows)
        )
        with pytest.raises(
            CommandError, match=r"petitions_signature \(1 instead of 2\)"
        ):
            call_command("backup")
    assert "petitions_signature (1 instead of 2)" in BackupState().fault
    assert open_alerts()[0].endswith("petitions_signature (1 instead of 2).")

    changed(lambda place, name, text: text.replace(text[:4], "beef"))
    with pytest.raises(CommandError, match="another checksum"):
        call_command("backup")
    assert not is_there(server, trial_database())
    assert Backup.objects.count() == 1  # the last of this day

    monkeypatch.undo()
    # The next night tries again, and all is well.
    call_command("backup")
    assert (BackupState().fault, open_alerts()) == ("", [])


def lost(rows):
    """Counts a signature more in the source than there is to dump."""

    def counted(cursor, **options):
        found = rows(cursor, **options)
        if options:
            found["petitions_signature"] += 1
        return found

    return counted


@pytest.mark.release
@pytest.mark.real_clock
def test_a_bucket_holds_them_encrypted_and_one_is_restored_by_its_name(
    tmp_path, settings
):
    make_counted(make_petition(), 1)
    settings.MEDIA_ROOT, settings.BACKUP_KEY = tmp_path / "media", KEY
    with s3_server() as server:
        settings.BACKUPS = server.url
        call_command("backup")
        [name] = Backup.objects.values_list("name", flat=True)
        content, _kind = server.objects[name]
        assert BackupState().fault == ""
        assert {*server.objects} == {name, f"{name}.sha256", "erasures.txt"}
        assert b"PGDMP" not in content
        assert not any(settings.MEDIA_ROOT.iterdir())
        with pytest.raises(CommandError, match="The database is not empty"):
            call_command("restore", name)
        with pytest.raises(CommandError, match="There is no file"):
            call_command("restore", "../campaigns-2026-01-01T000000Z.tar")


@pytest.mark.real_clock
def test_a_role_that_may_make_no_database_is_told_what_to_say(place, server, settings):
    server.execute("DROP ROLE IF EXISTS may_nothing")
    server.execute("CREATE ROLE may_nothing LOGIN PASSWORD 'secret'")
    url = urlsplit(os.environ["DATABASE_URL"])
    _who, at, where = url.netloc.rpartition("@")
    settings.BACKUP_TRIAL_URL = url._replace(
        netloc=f"may_nothing:secret{at}{where}", path="/postgres"
    ).geturl()
    try:
        with pytest.raises(CommandError, match="ALTER ROLE may_nothing CREATEDB"):
            call_command("backup")
    finally:
        server.execute("DROP ROLE may_nothing")

    assert "The role may_nothing may make no database" in BackupState().fault
    assert len(open_alerts()) == 1


@pytest.mark.real_clock
def test_a_database_that_is_none_of_ours_is_never_dropped(place, server):
    name = trial_database()
    server.execute(f"CREATE DATABASE {name}")
    try:
        with pytest.raises(CommandError, match="is none of ours"):
            call_command("backup")
        assert is_there(server, name)
    finally:
        server.execute(f"DROP DATABASE {name}")


def test_nobody_makes_backups_and_staff_are_told(place):
    look_at_backups(0)

    assert open_alerts() == ["No backup of the site was made yet."]


def test_the_newest_is_old_and_staff_are_told_once(place):
    make_backup(timezone.now() - timedelta(days=2, hours=1))

    look_at_backups(0)
    look_at_backups(0)

    [words] = open_alerts()
    assert words.startswith("The newest backup is of ")


def test_trials_have_stopped(place):
    backup = make_backup(timezone.now())
    Backup.objects.update(tried_at=timezone.now() - timedelta(days=9, hours=1))

    look_at_backups(0)

    [words] = open_alerts()
    assert words.startswith("The last trial of a restore was on ")
    assert backup.fault == ""


def test_a_site_whose_backups_others_make_hears_nothing(settings):
    settings.BACKUPS = "elsewhere"

    look_at_backups(0)

    assert open_alerts() == []
    with pytest.raises(CommandError, match="Set BACKUPS to a folder or a bucket"):
        call_command("backup")


def test_a_folder_that_is_not_there_is_not_made(settings, tmp_path):
    """A disk that is not mounted: the backup would fill another one."""
    settings.BACKUPS = str(tmp_path / "disk")

    with pytest.raises(CommandError, match="Make it, or mount its disk"):
        call_command("backup")

    assert not (tmp_path / "disk").exists()


def make_backup(moment):
    return Backup.objects.create(
        name=f"{moment:%Y%m%d}", made_at=moment, bytes=1, signatures=1, rows=1, files=0
    )


def test_days_weeks_and_months_are_kept_and_nothing_older():
    """A backup each night of three years."""
    now = datetime(2026, 11, 28, 3, tzinfo=UTC)
    nights = [now - timedelta(days=days) for days in range(1000)]
    kept = set()
    for night in reversed(nights):
        kept = nightly.keep({*kept, night}, night)

    ages = [(now - moment).days for moment in sorted(kept, reverse=True)]
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    # Three Sundays, and the last days of three months.
    assert ages[7:] == [13, 20, 27, 28, 59, 89]


def test_what_may_not_be_is_refused_at_the_start(settings, tmp_path):
    def faults():
        return [message.id for message in run_checks() if "campaign_site" in message.id]

    settings.BACKUPS = "elsewhere"
    assert faults() == []
    settings.MEDIA_ROOT, settings.BACKUPS = tmp_path, str(tmp_path / "a/../backups")
    assert faults() == ["campaign_site.E002"]
    settings.BACKUPS = "s3://key:secret@store.example/bucket"
    assert faults() == ["campaign_site.E001"]
    settings.BACKUP_KEY = KEY
    assert faults() == []
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"OPTIONS": {"url": f"{settings.BACKUPS}?region=eu"}},
    }
    assert faults() == ["campaign_site.E002"]
