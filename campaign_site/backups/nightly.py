"""What happens each night: a backup, its checksum, who was erased, and what may go.

Once a week the new backup is restored as a trial. A timer of the server starts it, and
not the queue: it needs other rights, works for long, and must go on when the queue does
not (decision 67).
"""

import hashlib
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign_site.backups import archive, trial
from campaign_site.backups.models import Backup, BackupState
from campaign_site.backups.place import BackupPlace
from campaign_site.backups.tools import CannotBackUp
from petitions.models import Signature
from staff.models import Alert
from supporters.personal_data.erasures import Erasure

ALERT = "backups"
ERASURES = "erasures.txt"
ELSEWHERE = "elsewhere"
# One of each of the last days, one of each of the last weeks, then one of each month.
DAYS, WEEKS = timedelta(days=7), timedelta(days=28)
_NAME = re.compile(r"campaigns-(\d{4}-\d\d-\d\dT\d{6}Z)\.tar")
_MOMENT = "%Y-%m-%dT%H%M%SZ"


def are_made_here():
    """Whether BACKUPS names a place of ours."""
    return settings.BACKUPS not in ("", ELSEWHERE)


def run(*, tries=False):
    """Make a backup, and try one if that is due or asked for; yields what was done.

    Raises CannotBackUp, after the rest of the work, if either has failed.
    """
    place = _place()
    with _told_to_staff():
        backup = _make(place)
    yield f"{backup}: written"
    for name in _delete_old(place):
        yield f"{name}: deleted"
    if tries or Backup.objects.is_trial_due():
        _try(place, backup)
        yield f"{backup}: restored as a trial, {backup.rows} rows"
    Alert.objects.filter(kind=ALERT).close()


def look():
    """Alert staff to what is wrong with the backups, even if nothing makes them."""
    if are_made_here() and (state := BackupState()).fault:
        _sound(lambda: state.fault)


@contextmanager
def opened(name):
    """The open backup of this name in the place of backups."""
    if not (are_made_here() and _NAME.fullmatch(name)):
        raise CannotBackUp(f"There is no file {name}.")
    with BackupPlace().opened(name) as file:
        yield file


def erasures():
    """The lines that say who was erased, as the newest backup's night has left them."""
    return BackupPlace().text(ERASURES).splitlines() if are_made_here() else []


def _place():
    if not are_made_here():
        raise CannotBackUp(
            "Set BACKUPS to a folder or a bucket for backups, or name a file."
        )
    return BackupPlace()


def _make(place):
    now = timezone.now()
    name = f"campaigns-{now.astimezone(UTC):{_MOMENT}}.tar"
    written = place.put(name, archive.write_to)
    place.put_text(f"{name}.sha256", f"{written.sha256}  {name}\n")
    lines = (
        erasure.line for erasure in Erasure.objects.order_by("erased_at").iterator()
    )
    place.put_text(ERASURES, "".join(f"{line}\n" for line in lines))
    found = {
        "made_at": now,
        "bytes": written.bytes,
        "signatures": written.rows[Signature._meta.db_table],
        "rows": sum(written.rows.values()),
        "files": written.files,
        "tried_at": None,
        "fault": "",
    }
    # A file of the same second was replaced.
    return Backup.objects.update_or_create(found, name=name)[0]


def _delete_old(place):
    """Delete what no rule keeps; returns the names of these backups."""
    place.tidy()
    made = {name: _made_at(name) for name in place.names() if _NAME.fullmatch(name)}
    kept = keep(made.values(), timezone.now())
    gone = [name for name, moment in made.items() if moment not in kept]
    for name in gone:
        place.delete(name)
        place.delete(f"{name}.sha256")
    Backup.objects.exclude(name__in=made.keys() - gone).delete()
    return gone


def keep(moments, now):
    """Of these moments, those to keep: each the last of its day, week or month."""
    last = {}
    for moment in sorted(moments):
        age = now - moment
        if age < timedelta(days=settings.KEEP_BACKUPS_DAYS):
            last[f"{moment:%Y-%m}"] = moment
            if age < WEEKS:
                last[f"{moment:%G week %V}"] = moment
            if age < DAYS:
                last[f"{moment:%Y-%m-%d}"] = moment
    return {*last.values()}


def _made_at(name):
    return datetime.strptime(_NAME.fullmatch(name)[1], _MOMENT).replace(tzinfo=UTC)


def _try(place, backup):
    """Restore the backup as a trial, and note how it went."""
    backup.tried_at = timezone.now()
    try:
        with _told_to_staff(), place.opened(backup.name) as file:
            _check_sum(file, place.text(f"{backup.name}.sha256"))
            trial.restore(file)
    except CannotBackUp as error:
        backup.fault = str(error)
        raise
    finally:
        backup.save(update_fields=["tried_at", "fault"])


def _check_sum(file, told):
    if hashlib.file_digest(file, "sha256").hexdigest() != told[:64]:
        raise CannotBackUp("The file has another checksum than when it was written.")


@contextmanager
def _told_to_staff():
    """Alert staff to what fails here, and raise it as CannotBackUp."""
    try:
        yield
    except Exception as error:  # disk, store and database have errors of their own
        words = str(error).strip() or type(error).__name__
        _sound(lambda: _("A backup, or its trial, has failed: %s") % words)
        raise CannotBackUp(words) from error


def _sound(words):
    page = reverse("admin:campaign_site_backup_changelist")
    subject = _("The backups need somebody who runs the server")
    Alert.objects.sound(ALERT, "", subject, words, page, until_closed=True)
