"""A backup is proved by restoring it into an empty database and reading it there."""

import io
import os
import stat
import subprocess
import sys
import tarfile
from urllib.parse import urlsplit

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from campaign_site.backups import archive
from campaign_site.backups.encryption import decrypting, encrypting
from campaign_site.backups.tools import CannotBackUp
from staff.models import SignIn
from tests.factories import make_counted, make_petition, make_staff, sign
from tests.test_architecture import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]


# Made for the tests, as `age-keygen` makes one.
KEY = "AGE-SECRET-KEY-1DHTLNUH5PST8QUHE8CCHUCKML53N5KS6TDWTZLKQMFT24ZFYXPYS0LKGUK"
OTHER_KEY = "AGE-SECRET-KEY-1W74LWCKT4AFSEJR9YYZL68RZ2YRXXXL3LX9AVQPCUNNR5MDDDUXQ25CSG4"


def manage(database, media, *arguments, key=""):
    """Run manage.py as an administrator does, on this database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(media),
            "MAIL_SINK_DIR": str(media),  # erasing deletes mails of development
            "BACKUP_KEY": key,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def here(django_db_setup):
    return connection.settings_dict["NAME"]


@pytest.fixture
def empty_database(here):
    name = f"{here}_restored"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(database):
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    with psycopg.connect(url) as connection:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in (
                "petitions_signature",
                "petitions_tallyentry",
                "supporters_supporter",
                "procrastinate_jobs",
                "staff_user",
            )
        ]


def test_what_is_restored_is_what_was_backed_up(here, empty_database, tmp_path):
    petition = make_petition()
    make_counted(petition, 3)
    sign(petition, email="waits@mail.example")
    make_staff("bo")
    media, other = tmp_path / "media", tmp_path / "restored"
    (media / "updates").mkdir(parents=True)
    (media / "updates/a.webp").write_bytes(b"picture")
    (media / "bundles").mkdir()
    (media / "bundles/a.zip").write_bytes(b"made again by a button")
    file = tmp_path / "site.tar"

    written = manage(here, media, "backup", str(file))
    restored = manage(empty_database, other, "restore", str(file))

    assert (written.returncode, written.stderr) == (0, "")
    assert (restored.returncode, restored.stderr) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert rows(empty_database) == rows(here)
    assert (other / "updates/a.webp").read_bytes() == b"picture"
    assert not (other / "bundles").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "media",
        "restored",
        "site.tar",
    ]

    # Nothing is overwritten.
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(file))
    assert rows(empty_database) == rows(here)


def test_a_backup_with_a_key_is_read_with_that_key_alone(
    here, empty_database, tmp_path
):
    make_counted(make_petition(), 1)
    media, other = tmp_path / "media", tmp_path / "restored"
    media.mkdir()
    (media / "large.jpg").write_bytes(os.urandom(1_500_000))
    file, cut = tmp_path / "site.tar", tmp_path / "cut.tar"
    manage(here, media, "backup", str(file), key=KEY)
    sealed = file.read_bytes()
    cut.write_bytes(sealed[: len(sealed) // 2])

    refused = [
        manage(empty_database, other, "restore", str(file)),
        manage(empty_database, other, "restore", str(file), key=OTHER_KEY),
        manage(empty_database, other, "restore", str(cut), key=KEY),
        manage(empty_database, other, "restore", str(file), key=f"{KEY[:-1]}X"),
        manage(empty_database, other, "restore", str(file), key="openssl's"),
    ]
    restored = manage(empty_database, other, "restore", str(file), key=KEY)

    assert [done.returncode for done in refused] == [1] * 5
    assert "is encrypted: set BACKUP_KEY to its key." in refused[0].stderr
    assert "another key, or is not whole" in refused[1].stderr
    assert "another key, or is not whole" in refused[2].stderr
    assert "is no key of age" in refused[3].stderr
    assert "is no key of age" in refused[4].stderr
    assert "Traceback" not in "".join(done.stderr for done in refused)
    assert b"person0@mail.example" not in sealed
    assert b"PGDMP" not in sealed  # how every dump begins
    assert (restored.returncode, restored.stderr) == (0, "")
    assert rows(empty_database) == rows(here)
    assert (other / "large.jpg").read_bytes() == (media / "large.jpg").read_bytes()


def test_a_backup_signs_nobody_in(here, empty_database, tmp_path, client):
    client.force_login(make_staff("bo"))
    client.get("/admin/")  # now it stands in the list of sessions, too
    key = client.cookies["sessionid"].value
    file = tmp_path / "site.tar"
    assert SignIn.objects.exists()
    connection.close()

    manage(here, tmp_path / "media", "backup", str(file))
    restored = manage(empty_database, tmp_path / "media", "restore", str(file))
    signed_in = manage(
        empty_database,
        tmp_path / "media",
        *("shell", "-v0", "-c"),
        "from django.contrib.sessions.models import Session as S; "
        "print(S.objects.count())",
    )

    assert key.encode() not in file.read_bytes()
    assert (restored.returncode, restored.stderr) == (0, "")
    assert signed_in.stdout.strip() == "0"


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000])
def test_what_is_encrypted_reads_back_and_every_change_is_found(size):
    content, file = os.urandom(size), io.BytesIO()
    with encrypting(file, KEY) as writer:
        writer.write(content[:10])
        writer.write(content[10:])
    sealed = file.getvalue()

    def read(sealed):
        with decrypting(io.BytesIO(sealed), KEY) as reader:
            return reader.read()

    changed = [sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed + b"more"]
    assert read(sealed) == content
    for other in [*changed, sealed[: len(sealed) // 2], b"", sealed[:30]]:
        with pytest.raises(CannotBackUp, match="another key, or is not whole"):
            read(other)


def test_without_this_site_an_encrypted_backup_is_read_by_any_program_for_age(
    tmp_path, settings
):
    settings.BACKUP_KEY, settings.MEDIA_ROOT = KEY, tmp_path / "media"
    file = tmp_path / "site.tar"
    connection.close()

    call_command("backup", str(file))
    plain = pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.from_str(KEY)])

    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert tar.extractfile("database/00000001").read(5) == b"PGDMP"


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def write(self, data):
        if self.tell() + len(data) > self.room:
            raise OSError(28, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 300, 100_000, 6_401_000])
def test_a_full_disk_is_told_and_nothing_waits_for_ever(room):
    def write():
        with encrypting(Full(room), KEY) as writer:
            for _piece in range(64):
                writer.write(bytes(100_000))

    with pytest.raises(OSError, match="No space left on device"):
        write()


def test_whoever_stops_reading_in_the_middle_has_their_own_fault():
    file = io.BytesIO()
    with encrypting(file, KEY) as writer:
        writer.write(bytes(10_000_000))
    file.seek(0)

    with pytest.raises(LookupError), decrypting(file, KEY) as reader:
        raise LookupError(reader.read(1))


def test_who_was_erased_after_the_backup_is_erased_again(
    here, empty_database, tmp_path
):
    petition = make_petition()
    [leaves, stays] = make_counted(petition, 2)
    file, erasures = tmp_path / "site.tar", tmp_path / "erasures.txt"
    media = tmp_path / "media"
    manage(here, media, "backup", str(file))
    leaves.confirmation.supporter.erase()
    erasures.write_text(manage(here, media, "erasures").stdout)

    without = manage(empty_database, media, "restore", str(file), str(tmp_path / "no"))
    restored = manage(empty_database, media, "restore", str(file), str(erasures))

    assert "No such file" in without.stderr
    assert "Traceback" not in without.stderr
    assert "1 of 1 were here again, and are erased." in restored.stdout, restored.stderr
    assert "person0" not in str(rows(empty_database))
    assert stays.confirmation.email in str(rows(empty_database))
    assert "person0" not in erasures.read_text()


def test_what_is_no_backup_is_refused_with_a_sentence(
    empty_database, tmp_path, monkeypatch, subtests
):
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as tar:
        tar.add(ROOT / "manage.py", "manage.py")
    file = tmp_path / "site.tar"
    connection.close()

    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", empty_database)
        for content in (b"", b"no tar", other.read_bytes()):
            file.write_bytes(content)
            with subtests.test(content[:10]), pytest.raises(CommandError):
                call_command("restore", str(file))
        connection.close()


def forged(path, *members, counted=b'{"rows": {}, "files": 1}'):
    """A file like a backup, with what somebody else has put into it."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in (
            (tarfile.TarInfo("database/00000001"), b"SELECT 1;"),
            *members,
            (tarfile.TarInfo("counted.json"), counted),
        ):
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path.read_bytes()


def member(name, **about):
    made = tarfile.TarInfo(name)
    for key, value in about.items():
        setattr(made, key, value)
    return made, b"" if "type" in about else b"out"


def test_a_backup_that_somebody_has_changed_writes_nothing(
    empty_database, tmp_path, monkeypatch, subtests, settings
):
    outside = tmp_path / "outside"
    holes = {"GNU.sparse.size": str(10**13), "GNU.sparse.map": "0,3"}
    broken = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
    link = {"type": tarfile.SYMTYPE, "linkname": str(outside)}
    forgeries = {
        "a link": [member("media/a", **link)],
        "a link, and a file behind it": [
            member("media/a", **link),
            member("media/a/b"),
        ],
        "a hard link": [
            member("media/a", type=tarfile.LNKTYPE, linkname="/etc/passwd")
        ],
        "a device": [member("media/a", type=tarfile.CHRTYPE)],
        "a folder": [member("media/a", type=tarfile.DIRTYPE)],
        "holes of 10 TB": [member("media/a.jpg", pax_headers=holes)],
        "holes that are none": [member("media/a.jpg", pax_headers=broken)],
        "a way out": [member("media/../../../../../../../../../tmp/outside")],
        "the whole path": [member(str(outside))],
        "a file beside ours": [member("manage.py")],
    }
    settings.BACKUP_KEY = ""
    settings.MEDIA_ROOT = tmp_path / "media"
    file = tmp_path / "site.tar"
    connection.close()

    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", empty_database)
        for name, members in forgeries.items():
            forged(file, *members)
            with subtests.test(name):
                with pytest.raises(CommandError, match="This is no whole backup"):
                    call_command("restore", str(file))
                assert not connection.introspection.table_names()
        connection.close()
    assert not outside.exists()
    assert not (tmp_path / "media").exists()


def test_what_was_counted_may_be_anything_and_is_refused_in_words(subtests):
    for told in (b"", b"null", b"[]", b"{}", b'{"rows": 1, "files": 2}', b"[" * 10**6):
        with subtests.test(told[:20]), pytest.raises(CannotBackUp):
            archive._counted(io.BytesIO(told))


def test_with_a_key_nothing_is_restored_that_is_not_encrypted(tmp_path, settings):
    settings.BACKUP_KEY = KEY
    file = tmp_path / "site.tar"
    forged(file)

    with file.open("rb") as opened, pytest.raises(CannotBackUp) as refused:
        archive._look_through(opened)

    assert str(refused.value).startswith("It is not encrypted, although BACKUP_KEY")


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "nowhere/site.tar"))

    assert list(tmp_path.iterdir()) == []
