"""Numbers for Prometheus: what the web does, what waits, and how the database is.

Whoever watches the site shows a token. What the web processes of this machine have done
is added up from all of them. Everything else comes from the database, and is the same
on every machine (decision 67).
"""

import os

from django.conf import settings
from django.db import Error
from django.db.models import Sum
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from campaign_site import request_times
from campaign_site.backups import nightly
from campaign_site.backups.models import BackupState
from database import queue
from database.activity import activity, rows_ever
from outbox import mail_numbers
from outbox.models import OutgoingMail
from pages.errors import error_page
from pages.read_only import read_only
from petitions.models import TallyEntry
from supporters.acts.act import Act


@never_cache
@read_only
def metrics(request):
    """All numbers as text; without the token, the page is not there."""
    if not _may_read(request):
        return error_page(request, 404)
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        generate_latest,
    )
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(request_times.histogram())
    registry.register(FromDatabase())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request):
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")


class FromDatabase:
    """The numbers that the database knows, by as many statements at any time.

    If it does not answer, it is said to be away, and no other number of it is told.
    """

    def describe(self):
        return ()

    def collect(self):
        try:
            found = [*_of_database(), *_of_queue(), *_of_mails(), *_of_acts()]
            found += _of_backups()
        except Error:
            found = []
        yield _gauge("database_up", "Whether the database answers.", bool(found))
        yield from found


def _of_database():
    now = activity()
    yield _by(
        "database_connections",
        "Connections to our database, by state.",
        ["state"],
        {(state,): number for state, number in now.connections.items()},
    )
    yield _gauge(
        "database_connections_allowed",
        "How many connections the server takes.",
        now.connections_allowed,
    )
    yield _gauge(
        "database_oldest_transaction_seconds",
        "For how long the oldest transaction is open.",
        now.oldest_transaction_seconds,
    )
    yield _gauge("database_bytes", "Size of our database.", now.bytes)


def _of_queue():
    yield _gauge(
        "queue_seconds",
        "For how long the oldest job that could run has waited.",
        queue.seconds_behind(),
    )
    heartbeat = queue.seconds_since_heartbeat()
    yield _gauge(
        "worker_heartbeat_seconds",
        "Since when no worker has shown that it lives; +Inf if none ever did.",
        float("inf") if heartbeat is None else heartbeat,
    )


def _of_mails():
    yield _gauge(
        "mail_somebody_waits_seconds",
        "For how long the oldest mail that somebody waits for is due.",
        OutgoingMail.objects.seconds_behind(),
    )
    due = list(mail_numbers.due_by_purpose())
    yield _by(
        "mail_due",
        "Mails that are due, by purpose.",
        ["purpose"],
        {(purpose,): number for purpose, number, _seconds in due},
    )
    yield _by(
        "mail_due_seconds",
        "For how long the oldest mail of a purpose is due.",
        ["purpose"],
        {(purpose,): seconds for purpose, _number, seconds in due},
    )
    yield _by(
        "mail_newest",
        "Mails of the last hour, of the newest 20,000, by large domain and state.",
        ["domain", "state"],
        mail_numbers.newest_by_domain(),
    )


def _of_acts():
    from prometheus_client.core import CounterMetricFamily

    ever = rows_ever([kind._meta.db_table for kind in Act.kinds()])
    acts = CounterMetricFamily(
        "campaign_acts", "About how many acts were ever sent, by kind.", labels=["kind"]
    )
    for kind in Act.kinds():
        acts.add_metric([kind._meta.model_name], ever[kind._meta.db_table])
    yield acts
    yield _gauge(
        "signatures_counted",
        "Confirmed signatures that count now, with those on paper.",
        TallyEntry.objects.aggregate(n=Sum("delta"))["n"] or 0,
    )


def _of_backups():
    if nightly.are_made_here():
        state = BackupState()
        yield _gauge(
            "backup_seconds",
            "How old the newest backup is; +Inf if there is none.",
            state.made_seconds,
        )
        yield _gauge(
            "backup_trial_seconds",
            "Since when no backup was restored; +Inf if the last trial has failed.",
            state.tried_seconds,
        )


def _gauge(name, words, value):
    return _by(name, words, [], {(): value})


def _by(name, words, labels, numbers):
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"campaign_{name}", words, labels=labels)
    for values, number in numbers.items():
        family.add_metric(values, number)
    return family
