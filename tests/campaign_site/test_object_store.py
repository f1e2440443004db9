"""Pictures in a bucket instead of on the disk."""

import tarfile

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from campaign_site import backups, object_store
from campaigns.pictures import picture_files
from tests.campaign_site.s3 import s3_server
from tests.campaign_site.test_settings import COMPLETE, run
from tests.factories import make_campaign, make_picture

PUBLIC = "https://pictures.example/bucket"


@pytest.fixture
def bucket(settings):
    with s3_server() as server:
        settings.STORAGES = settings.STORAGES | {
            "default": {
                "BACKEND": "campaign_site.object_store.ObjectStore",
                "OPTIONS": {"url": server.url},
            }
        }
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


def test_a_backup_holds_them_and_puts_them_back(bucket, tmp_path):
    storages["default"].save("pictures/a/800.jpg", ContentFile(b"picture"))
    with tarfile.open(tmp_path / "backup.tar", "w") as tar:
        backups.add_stored(tar)
    bucket.objects.clear()
    with tarfile.open(tmp_path / "backup.tar") as tar:
        tar.extractall(tmp_path, filter="data")

    backups.put_back(tmp_path / "media")

    assert bucket.objects["pictures/a/800.jpg"] == (b"picture", "image/jpeg")
    assert list((tmp_path / "media").iterdir()) == []


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
    ],
)
def test_an_address_that_cannot_be_used_says_why(url, words):
    with pytest.raises(object_store.BadAddress, match=words):
        object_store.parts(url)


def test_a_public_address_is_allowed_by_the_policy_and_a_wrong_one_ends_the_start():
    command = ["-c", "from campaign_site import settings; print(settings.SECURE_CSP)"]
    url = f"s3://k:s@s3.example/bucket?public={PUBLIC}"

    allowed = run(command, **COMPLETE, STORAGE_URL=url)
    refused = run(command, **COMPLETE, STORAGE_URL="s3://s3.example/bucket")

    assert "'https://pictures.example'" in allowed.stdout
    assert refused.returncode == 1
    assert "STORAGE_URL cannot be used: it must begin with" in refused.stderr
