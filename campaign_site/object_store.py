"""Django's file storage in a bucket of an S3-compatible store, named by STORAGE_URL."""

import mimetypes
from contextlib import suppress
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

# Names are never used twice, so browsers may cache a file for ever.
CACHE_CONTROL = "public, max-age=31536000, immutable"
TIMEOUT, CONNECT_TIMEOUT = "20s", "3s"


class BadAddress(ValueError):
    """The sentence says what is wrong with a STORAGE_URL."""


def setting(url):
    """What Django's STORAGES says of this store, or of the local disk without a URL."""
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"allow_overwrite": True},
        }
    return {
        "BACKEND": "campaign_site.object_store.ObjectStore",
        "OPTIONS": {"url": url},
    }


def parts(url):
    """The client's parameters, and the public address (or ""), in a STORAGE_URL.

    s3://KEY:SECRET@host[:port]/bucket?region=…&public=https://…&tls=no
    """
    url = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    bucket = url.path.strip("/")
    if url.scheme != "s3" or not (url.hostname and url.username and url.password):
        raise BadAddress("it must begin with s3://KEY:SECRET@host/")
    if not bucket or "/" in bucket:
        raise BadAddress("after the host it names one bucket, and nothing else")
    if unknown := set(options) - {"region", "public", "tls"}:
        raise BadAddress(f"it knows region, public and tls, not {', '.join(unknown)}")
    public = options.get("public", "").rstrip("/")
    if public and urlsplit(public).scheme != "https":
        raise BadAddress("public is an address that begins with https://")
    scheme = "http" if options.get("tls") == "no" else "https"
    host = f"{url.hostname}:{url.port}" if url.port else url.hostname
    client = {
        "bucket": bucket,
        "endpoint": f"{scheme}://{host}",
        "region": options.get("region", "us-east-1"),
        "access_key_id": unquote(url.username),
        "secret_access_key": unquote(url.password),
    }
    return client, public


@deconstructible
class ObjectStore(Storage):
    """Stores files under their names; an existing file is overwritten."""

    def __init__(self, url):
        self._url = url

    @cached_property
    def _store(self):
        # It is imported and opened at first use, which is after a web process was
        # forked.
        from obstore.store import S3Store

        client, _public = parts(self._url)
        is_plain = client["endpoint"].startswith("http://")
        return S3Store(
            **client,
            virtual_hosted_style_request=False,
            # Files are deleted one by one, since not every store can delete many at
            # once.
            disable_bulk_delete=True,
            client_options={
                "allow_http": is_plain,
                "timeout": TIMEOUT,
                "connect_timeout": CONNECT_TIMEOUT,
            },
            retry_config={"max_retries": 2},
        )

    def get_available_name(self, name, max_length=None):
        return name

    def _open(self, name, mode="rb"):
        from obstore.exceptions import NotFoundError

        try:
            content = self._store.get(name).bytes()
        except NotFoundError as error:
            raise FileNotFoundError(name) from error
        return ContentFile(bytes(content), name)

    def _save(self, name, content):
        content.seek(0)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._store.put(
            name,
            content.read(),
            attributes={"Content-Type": kind, "Cache-Control": CACHE_CONTROL},
        )
        return name

    def delete(self, name):
        from obstore.exceptions import NotFoundError

        with suppress(NotFoundError, FileNotFoundError):  # deleting twice is no error
            self._store.delete(name)

    def exists(self, name):
        from obstore.exceptions import NotFoundError

        try:
            self._store.head(name)
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    def listdir(self, path):
        prefix = path.strip("/")
        found = self._store.list_with_delimiter(f"{prefix}/" if prefix else None)
        folders, files = found["common_prefixes"], [o["path"] for o in found["objects"]]
        return [[PurePosixPath(one).name for one in some] for some in (folders, files)]
