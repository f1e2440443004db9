"""Files in a bucket instead of on the disk."""

import tarfile
from tempfile import TemporaryFile

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse

from campaign_site import object_store
from campaign_site.backups import archive
from campaigns.pictures import picture_files
from database import retention
from petitions.handover.models import FILES, new_name
from petitions.models import Bundle
from tests.campaign_site.s3 import PRIVATE, s3_server
from tests.campaign_site.test_settings import COMPLETE, run
from tests.factories import (
    make_campaign,
    make_counted,
    make_paper,
    make_petition,
    make_picture,
    make_staff,
)
from tests.rooms import with_paper
from tests.staff.forms import fill_in

PUBLIC = "https://pictures.example/bucket"


@pytest.fixture
def bucket(settings):
    with s3_server() as server:
        settings.STORAGES = settings.STORAGES | object_store.settings(server.url)
        yield server


@pytest.fixture
def two_buckets(settings):
    """One for pictures, with a public address, and one for what is private."""
    with s3_server() as server:
        url = f"{server.url}&public={PUBLIC}&private={PRIVATE}"
        settings.STORAGES = settings.STORAGES | object_store.settings(url)
        settings.STORAGE_PUBLIC_URL = PUBLIC
        yield server


@pytest.mark.django_db
def test_pictures_are_taken_in_made_shown_and_forgotten_there(
    bucket, client, media, settings
):
    campaign = make_campaign(**make_picture())
    campaign.make_pictures()
    campaign.refresh_from_db()

    own = f"/media/pictures/{campaign.picture_cuts}/wide-960.avif"
    assert own in client.get("/campaign-1/").text
    assert b"ftypavif" in client.get(own).getvalue()[:20]
    content, kind = bucket.objects[own.removeprefix("/media/")]
    assert kind == "image/avif"
    assert b"ftypavif" in content[:20]
    assert client.get(f"/media/pictures/{'0' * 32}/800.jpg").status_code == 404
    assert not media.exists()

    settings.STORAGE_PUBLIC_URL = PUBLIC
    cache.clear()
    page = client.get("/campaign-1/").text
    shared = f'content="{PUBLIC}/pictures/{campaign.share_image}/share.jpg"'
    assert own.replace("/media", PUBLIC) in page
    assert shared in page
    for name in campaign.names():
        picture_files.forget(name)
        picture_files.forget(name)
    assert bucket.objects == {}


def test_a_backup_holds_them_and_puts_them_back(two_buckets, tmp_path):
    storages["default"].save("pictures/a/800.jpg", ContentFile(b"picture"))
    storages["private"].save("paper/a.pdf", ContentFile(b"sheet"))
    storages["private"].save("left_out/a.pdf", ContentFile(b"of a room not here"))
    storages["private"].save("bundles/a.zip", ContentFile(b"made again by a button"))
    large = bytes(object_store.PIECE + 1000)
    storages["private"].save("paper/large.pdf", ContentFile(large))
    with tarfile.open(tmp_path / "backup.tar", "w") as tar:
        archive.add_stored(tar)
    for objects in two_buckets.buckets.values():
        objects.clear()
    with tarfile.open(tmp_path / "backup.tar", "r|") as tar:
        for member in tar:
            archive.put_back(tar, member)

    picture = (b"picture", "image/jpeg")
    assert two_buckets.objects == {"pictures/a/800.jpg": picture}
    sheet = (b"sheet", "application/pdf")
    assert two_buckets.buckets[PRIVATE].pop("paper/large.pdf")[0] == large
    assert two_buckets.buckets[PRIVATE].pop("left_out/a.pdf")[0]
    assert two_buckets.buckets[PRIVATE] == {"paper/a.pdf": sheet}


@with_paper
@pytest.mark.django_db
def test_scans_and_files_for_officials_are_in_the_bucket_that_nobody_else_reads(
    two_buckets, client, media, work
):
    campaign = make_campaign(**make_picture())
    petition = make_petition(campaign=campaign)
    make_counted(petition, name="Ada Lovelace")
    batch = make_paper(petition, "Grace Hopper")
    staff = make_staff("bo", "Campaigners")
    client.force_login(staff)
    sheet = SimpleUploadedFile("sheet.pdf", b"%PDF-1.7\n...\n%%EOF\n")
    change = f"/admin/paper/paperbatch/{batch.pk}/change/"

    fill_in(client, change, new_scan=sheet)
    add = f"/admin/petitions/bundle/add/?petition={petition.pk}"
    fill_in(client, add, petition=petition.pk, to="the Mayor")
    work()

    bundle, scan = Bundle.objects.get(), batch.scans.get()
    private = two_buckets.buckets[PRIVATE]
    names = {f"bundles/{bundle.name}", f"paper/{scan.name}"}
    assert set(private) == names
    assert {two_buckets.caching[name] for name in names} == {"private, no-store"}
    assert {name.partition("/")[0] for name in two_buckets.objects} == {"pictures"}
    assert [file for file in media.rglob("*") if file.is_file()] == []
    addresses = [
        f"/admin/petitions/bundle/{bundle.pk}/download/",
        f"/admin/paper/paperbatch/{batch.pk}/scans/{scan.pk}/",
    ]
    for address, begins in zip(addresses, (b"PK", b"%PDF"), strict=True):
        answer = client.get(address)
        assert answer.getvalue().startswith(begins)
        assert "private, no-store" in answer["Cache-Control"]
    for name in names:  # neither are they where pictures are
        assert client.get(f"/media/{name}").status_code == 404
    client.force_login(make_staff("eve"))
    for address in addresses:
        assert client.get(address).status_code == 403

    Bundle.objects.all().forget()
    batch.scans.forget()
    work()
    assert private == {}


@pytest.mark.django_db
def test_what_an_interrupted_upload_left_in_the_bucket_goes_after_a_day(bucket):
    name = new_name()
    FILES.save(name, ContentFile(b"PK"))
    rule = retention.rule("stray files")
    assert rule.forget() == 0
    bucket.moments[f"bundles/{name}"] = "Fri, 06 Nov 2015 12:00:00 GMT"

    assert rule.forget() == 1

    assert bucket.objects == {}


def test_a_large_file_goes_there_and_comes_back_in_pieces(bucket):
    piece = object_store.PIECE
    content = bytes(range(256)) * (2 * piece // 256 + 7)
    with TemporaryFile() as file:
        file.write(content)
        storages["private"].save("bundles/large.zip", File(file))

    assert bucket.objects["bundles/large.zip"][0] == content
    assert bucket.largest == piece
    with storages["private"].open("bundles/large.zip") as large:
        answer = FileResponse(large)
        assert answer["Content-Length"] == str(len(content))
        assert b"".join(answer) == content


def test_a_wrong_key_opens_nothing(bucket):
    store = object_store.ObjectStore(bucket.url.replace("the%20key", "another"))

    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        store.save("a.jpg", ContentFile(b"picture"))

    assert bucket.objects == {}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a.example/bucket", "s3://KEY:SECRET@host/"),
        ("s3://k:s@a.example/", "names one bucket"),
        ("s3://k:s@a.example/b?zone=1", "not zone"),
        ("s3://k:s@a.example/b?public=http://b.example", "begins with https://"),
        ("s3://k:s@a.example/b?public=https://b.example", "names another bucket"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url, words):
    with pytest.raises(object_store.BadAddress, match=words):
        object_store.parts(url)


def test_a_public_address_is_allowed_by_the_policy_and_a_wrong_one_ends_the_start():
    command = ["-c", "from campaign_site import settings; print(settings.SECURE_CSP)"]
    url = f"s3://k:s@s3.example/bucket?public={PUBLIC}&private=scans"

    allowed = run(command, **COMPLETE, STORAGE_URL=url)
    refused = run(command, **COMPLETE, STORAGE_URL="s3://s3.example/bucket")

    assert "'https://pictures.example'" in allowed.stdout
    assert refused.returncode == 1
    assert "STORAGE_URL cannot be used: it must begin with" in refused.stderr
