"""What no site may have: backups among the uploads, open to all, or kept too long."""

from pathlib import Path

from django.conf import settings
from django.core import checks

from campaign_site import object_store


@checks.register(checks.Tags.security)
def backups_are_apart(**_options):
    """Faults of BACKUPS and of how long backups are kept."""
    return [
        checks.Error(words, hint=hint, id=f"campaign_site.E00{number}")
        for number, (is_wrong, words, hint) in enumerate(_faults(), 1)
        if is_wrong
    ]


def _faults():
    where = settings.BACKUPS
    is_store = where.startswith("s3://")
    yield (
        is_store and not settings.BACKUP_KEY,
        "BACKUPS names a bucket, and BACKUP_KEY is empty: whoever gets into the bucket"
        " would read what everybody has entrusted to the site.",
        "Set BACKUP_KEY to the last line that `age-keygen` prints.",
    )
    yield (
        _buckets(where) & _buckets(_of_uploads())
        if is_store
        else where.startswith("/") and _is_among_uploads(where),
        "BACKUPS is where uploaded files are, so that each backup would hold all"
        " backups before it.",
        "Set BACKUPS to another folder or bucket.",
    )


def _of_uploads():
    return settings.STORAGES["default"].get("OPTIONS", {}).get("url", "")


def _buckets(url):
    if not url.startswith("s3://"):
        return set()
    client, _public, private = object_store.parts(url)
    return {(client["endpoint"], name) for name in (client["bucket"], private)}


def _is_among_uploads(where):
    uploads = Path(settings.MEDIA_ROOT).resolve()
    where = Path(where).resolve()
    return where == uploads or uploads in where.parents
