"""Django's file storage in a bucket of an S3-compatible store, named by STORAGE_URL.

Pictures are in the storage "default", which may have a public address. What only staff
may open is in the storage "private", which never has one (decision 67).
"""

import io
import mimetypes
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

# Names are never used twice, so browsers may cache a picture for ever.
PUBLIC, PRIVATE = "public, max-age=31536000, immutable", "private, no-store"
# What is larger is read and written in pieces of this size, two at once at most.
PIECE = 8 * 1024 * 1024
TIMEOUT, CONNECT_TIMEOUT = "20s", "3s"


class BadAddress(ValueError):
    """The sentence says what is wrong with a STORAGE_URL."""


def settings(url):
    """What Django's STORAGES says of this store, or of the local disk without a URL."""
    if not url:
        disk = "django.core.files.storage.FileSystemStorage"
        modes = {
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {
            "default": {"BACKEND": disk, "OPTIONS": {"allow_overwrite": True}},
            "private": {"BACKEND": disk, "OPTIONS": {"allow_overwrite": True, **modes}},
        }
    store = "campaign_site.object_store.ObjectStore"
    return {
        "default": {"BACKEND": store, "OPTIONS": {"url": url}},
        "private": {"BACKEND": store, "OPTIONS": {"url": url, "is_private": True}},
    }


def public_address(variable, url):
    """The public address of a store, or "". A URL that is wrong ends the process."""
    try:
        return parts(url)[1] if url else ""
    except ValueError as error:
        sys.exit(f"{variable} cannot be used: {error}.")


def parts(url):
    """What a STORAGE_URL says: client's parameters, public address (or ""), and bucket
    of private files.

    s3://KEY:SECRET@host[:port]/bucket?region=…&public=https://…&private=…&tls=no

    A bucket that has a public address may be readable as a whole, by a slip of whoever
    set it up. So what is private is then in another one.
    """
    url = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    bucket = url.path.strip("/")
    if url.scheme != "s3" or not (url.hostname and url.username and url.password):
        raise BadAddress("it must begin with s3://KEY:SECRET@host/")
    if not bucket or "/" in bucket:
        raise BadAddress("after the host it names one bucket, and nothing else")
    if unknown := set(options) - {"region", "public", "private", "tls"}:
        known = "region, public, private and tls"
        raise BadAddress(f"it knows {known}, not {', '.join(unknown)}")
    public = options.get("public", "").rstrip("/")
    if public and urlsplit(public).scheme != "https":
        raise BadAddress("public is an address that begins with https://")
    private = options.get("private", bucket)
    if public and private == bucket:
        raise BadAddress("beside public, private names another bucket, for scans")
    scheme = "http" if options.get("tls") == "no" else "https"
    host = f"{url.hostname}:{url.port}" if url.port else url.hostname
    client = {
        "bucket": bucket,
        "endpoint": f"{scheme}://{host}",
        "region": options.get("region", "us-east-1"),
        "access_key_id": unquote(url.username),
        "secret_access_key": unquote(url.password),
    }
    return client, public, private


@deconstructible
class ObjectStore(Storage):
    """Stores files under their names; an existing file is overwritten."""

    def __init__(self, url, *, is_private=False):
        self._url, self._is_private = url, is_private

    @cached_property
    def _store(self):
        # It is imported and opened at first use, which is after a web process was
        # forked.
        from obstore.store import S3Store

        client, _public, private = parts(self._url)
        if self._is_private:
            client["bucket"] = private
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
        from obstore import open_reader
        from obstore.exceptions import NotFoundError

        try:
            found = self._store.get(name)
        except NotFoundError as error:
            raise FileNotFoundError(name) from error
        size = found.meta["size"]
        if size <= PIECE:
            return ContentFile(bytes(found.bytes()), name)
        reader = open_reader(self._store, name, buffer_size=PIECE, size=size)
        return File(io.BufferedReader(_InPieces(reader)), name)

    def _save(self, name, content):
        content.seek(0)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._store.put(
            name,
            content.read() if content.size <= PIECE else content,
            attributes={
                "Content-Type": kind,
                "Cache-Control": PRIVATE if self._is_private else PUBLIC,
            },
            chunk_size=PIECE,
            max_concurrency=2,
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

    def get_modified_time(self, name):
        return self._store.head(name)["last_modified"]

    def listdir(self, path):
        prefix = path.strip("/")
        found = self._store.list_with_delimiter(f"{prefix}/" if prefix else None)
        folders, files = found["common_prefixes"], [o["path"] for o in found["objects"]]
        return [[PurePosixPath(one).name for one in some] for some in (folders, files)]


class _InPieces(io.RawIOBase):
    """A file in the store of which only a piece is in memory.

    Each piece is a request of its own. So none lasts as long as a slow download.
    """

    def __init__(self, reader):
        self._reader = reader

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        piece = self._reader.read(len(buffer))
        buffer[: len(piece)] = memoryview(piece)
        return len(piece)

    def seek(self, offset, whence=io.SEEK_SET):
        return self._reader.seek(offset, whence)

    def tell(self):
        return self._reader.tell()
