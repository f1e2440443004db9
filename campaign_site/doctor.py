"""Examines a site where it runs, and says in words what to mend.

Each examination uses the thing itself, as the site does: it connects, writes, reads and
deletes. None sends a mail or changes what anybody sees.
"""

import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import Error, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import override

from campaign_site import health
from campaign_site.backups import nightly
from campaign_site.backups.models import BackupState
from database import queue
from outbox.deliverability.checks import Found, check
from outbox.incoming.imap import CannotFetch, ImapMailbox
from outbox.models import OutgoingMail
from outbox.relay import NoRelay, Post
from petitions import private_files
from staff.open_id import NotConfirmed

# Jobs of an hour's work may hold up others for some minutes.
QUEUE_IS_LATE_AFTER = 600
# A minute between the two clocks delays a letter by a minute (decision 38).
CLOCKS_DIFFER_BY = 30
LEAST_FREE = 10**9


GOOD, BROKEN, UNKNOWN = "good", "BROKEN", "unknown"


class Ailment(Exception):
    """It does not work; holds what is wrong, and how to mend it."""


def examine():
    """Each examination in turn: (what, its state, words)."""
    is_away = False
    for name, look in _EXAMINATIONS.items():
        try:
            yield name, GOOD, look()
        except Ailment as broken:
            yield name, BROKEN, str(broken)
        except OperationalError as error:
            words = f"It does not answer: {_first_line(error)}. Start it, or correct "
            yield (
                (name, UNKNOWN, "Not known while the database does not answer.")
                if is_away
                else ("database", BROKEN, words + "DATABASE_URL.")
            )
            is_away = True
        except Error as error:
            words = f"The database says: {_first_line(error)}. If migrations are "
            yield name, BROKEN, words + "missing, run manage.py migrate."


def _settings():
    """The checks of Django and of the apps, with those of a site that is online."""
    if not (settings.DEVELOPMENT or settings.SERVED_OVER_HTTPS):
        raise Ailment(
            "SITE_URL begins with http://, so anybody on the way reads names and "
            "passwords. Serve the site over https, and say so in SITE_URL."
        )
    found = checks.run_checks(include_deployment_checks=not settings.DEVELOPMENT)
    said = [m for m in found if m.level >= checks.WARNING and not m.is_silenced()]
    if said:
        raise Ailment(" ".join(_said(m) for m in said))
    return "Django finds no fault in them."


def _database():
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Ailment(
            f"{len(missing)} migrations are missing, like {missing[0][0]}. "
            f"Run manage.py migrate."
        )
    version = connection.pg_version // 10_000
    return f"PostgreSQL {version} answers, with all migrations."


def _queue():
    if not health.worker_lives():
        raise Ailment(
            "No worker lives, so no mail leaves. Start it, for example by "
            "systemctl start campaign-worker, and read its log."
        )
    jobs, mails = queue.seconds_behind(), OutgoingMail.objects.seconds_behind()
    waits = f"the oldest job waits for {jobs:.0f} s, the oldest mail for {mails:.0f} s"
    if jobs > QUEUE_IS_LATE_AFTER or OutgoingMail.objects.late().exists():
        raise Ailment(
            f"A worker lives, but is late: {waits}. Look at “Emails” on the staff "
            f"site, and at the log of the worker."
        )
    return f"A worker lives; {waits}."


def _storage():
    """Write a file where pictures are, read it and delete it."""
    if _is_store("default"):
        where = "the bucket of STORAGE_URL"
    else:
        where = f"the folder {settings.MEDIA_ROOT}"
    return _use("default", where, [""])


def _private():
    """The same where files are that only staff may open.

    A folder is used only if it is there: one that is made now would belong to whoever
    runs this, and not to the user of the site.
    """
    if _is_store("private"):
        return _use("private", "the private bucket of STORAGE_URL", [""])
    there = filter(storages["private"].exists, sorted(private_files.folders()))
    folders = [f"{folder}/" for folder in there] or [""]
    named = " and ".join(f"{settings.MEDIA_ROOT}/{folder}" for folder in folders)
    return _use("private", f"the folder {named}", folders)


def _is_store(alias):
    return "url" in settings.STORAGES[alias].get("OPTIONS", {})


def _use(alias, where, folders):
    storage = storages[alias]
    for folder in folders:
        name = f"{folder}doctor-{secrets.token_hex(8)}.txt"
        content = secrets.token_bytes(64)
        try:
            stored = storage.save(name, ContentFile(content))
            with storage.open(stored) as file:
                read = file.read()
            storage.delete(stored)
            is_left = storage.exists(stored)
        except Exception as error:  # each kind of storage has errors of its own
            raise Ailment(
                f"A file cannot be written, read and deleted in {where}: "
                f"{_first_line(error)}. It must be there, and the user of the site "
                f"must be allowed to write to it."
            ) from None
        if read != content or is_left:
            raise Ailment(
                f"What was written to {where} was not what was there afterwards."
            )
    return f"A file was written to {where}, read and deleted."


def _mail():
    relay = settings.MAILERS["default"]["OPTIONS"]
    where = f"{relay['host']}:{relay['port']}"
    try:
        with Post() as post:
            post.open()
    except NoRelay as error:
        raise Ailment(
            f"The mail service at {where} takes nothing from us: {error}. "
            f"{_mended(str(error))}"
        ) from None
    secure = relay.get("use_tls") or relay.get("use_ssl")
    how = "over TLS" if secure else "without TLS"
    who = "with our name and password" if relay.get("username") else "without a name"
    return f"{where} lets us in {how}, {who}. No mail was sent."


def _domain():
    """Look up what other mail servers find about our domain, as the desk does."""
    if settings.DEVELOPMENT:
        return "Nobody looks it up while the site is developed."
    with override("en"):
        findings = check()
        to_mend = [
            f"{each.title}: {each.words}" for each in findings if each.is_to_mend
        ]
        unknown = [str(each.title) for each in findings if each.state == Found.UNKNOWN]
    if to_mend:
        raise Ailment(
            f"{' '.join(to_mend)} The records to copy stand under “Do our emails "
            "arrive?” on the staff site."
        )
    not_known = f" Not known: {', '.join(unknown)}." if unknown else ""
    return f"Other mail servers find nothing to mend.{not_known}"


def _incoming():
    """Sign in to the mailbox that the site reads, if it reads one."""
    url = settings.INCOMING_MAIL_URL
    if not url:
        return (
            "INCOMING_MAIL_URL is not set. Officials cannot answer by email. Unless a "
            "mail server pipes mail in, nobody reads replies, and we do not learn what "
            "came back or was called spam."
        )
    if not url.startswith("imap"):
        return "A mail server pipes it in. Ask its log whether it does."
    try:
        box = ImapMailbox.at(url)
        number = box.sign_in()
    except ValueError as fault:
        raise Ailment(f"INCOMING_MAIL_URL cannot be used: {fault}.") from None
    except CannotFetch as fault:
        raise Ailment(
            f"The mailbox at {box.host}:{box.port} does not let us in: "
            f"{_first_line(fault)}. Correct INCOMING_MAIL_URL, or let the firewall "
            f"pass it. Until then replies and reports wait there."
        ) from None
    return f"{box.host}:{box.port} lets us in; {box.folder} holds {number} messages."


def _sign_in():
    """Ask the provider by which staff sign in, if there is one, what it says."""
    provider = settings.STAFF_SIGN_IN
    if not provider:
        return "STAFF_SIGN_IN is not set. Staff sign in by password or passkey."
    try:
        provider.examine()
    except NotConfirmed as fault:
        raise Ailment(
            f"Staff cannot sign in by {provider.issuer}: {fault}. Correct "
            f"STAFF_SIGN_IN, or let the firewall pass it. Passwords and passkeys work."
        ) from None
    return f"{provider.issuer} says where staff sign in."


def _mended(words):
    """What helps against what a mail service, or the way to it, has said."""
    if words[:3] in ("530", "534", "535"):
        return "Correct the name and the password in EMAIL_URL."
    if "STARTTLS" in words or "SSL" in words or "certificate" in words:
        return (
            "EMAIL_URL begins with smtp+tls:// for STARTTLS (port 587) and with "
            "smtp+ssl:// for TLS (port 465); the host is the name in its certificate."
        )
    return "Correct host and port in EMAIL_URL, or let the firewall pass them."


def _clock():
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [theirs] = cursor.fetchone()
    ours = before + (timezone.now() - before) / 2
    seconds = (theirs - ours).total_seconds()
    if abs(seconds) > CLOCKS_DIFFER_BY:
        way = "ahead of" if seconds > 0 else "behind"
        raise Ailment(
            f"The clock of the database is {abs(seconds):.0f} s {way} that of this "
            f"machine. Let NTP set both."
        )
    return f"Ours and that of the database differ by {abs(seconds):.1f} s."


def _disk():
    folders = {"MEDIA_ROOT": settings.MEDIA_ROOT, "STATIC_ROOT": settings.STATIC_ROOT}
    found = {}
    for name, folder in folders.items():
        there = next(p for p in (Path(folder), *Path(folder).parents) if p.exists())
        found[name] = shutil.disk_usage(there).free
    said = ", ".join(f"{free / 1e9:.1f} GB at {name}" for name, free in found.items())
    if min(found.values()) < LEAST_FREE:
        raise Ailment(
            f"Nearly full: {said}. Make room, and look at the disk of PostgreSQL, too."
        )
    return f"Free: {said}."


def _backups():
    if nightly.are_made_here():
        state = BackupState()
        if state.fault:
            raise Ailment(
                f"{state.fault} Run manage.py backup and read what it says; "
                f"campaign-backup.timer does so each night."
            )
        return state.words
    if settings.BACKUPS or settings.DEVELOPMENT:
        return "None are made by the site."
    raise Ailment(
        "No backups are made: BACKUPS is not set. Set it to a folder or a bucket, or "
        f"to {nightly.ELSEWHERE} if something else makes them."
    )


def _said(message):
    return " ".join(filter(None, [message.msg, message.hint, f"({message.id})"]))


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


_EXAMINATIONS = {
    # The first: what cannot be known without it says so.
    "database": _database,
    "settings": _settings,
    "queue": _queue,
    "storage": _storage,
    "private": _private,
    "mail": _mail,
    "domain": _domain,
    "incoming": _incoming,
    "sign-in": _sign_in,
    "clock": _clock,
    "disk": _disk,
    "backups": _backups,
}
