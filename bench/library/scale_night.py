"""What happens at night on a large site, and is undone: it can be measured again."""

import os
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from library import figures
from library.pairs import Meter, backend

# So many rows are due on each side, or all where a table holds fewer.
DUE = 200
LONG_AGO = timedelta(days=3 * 365)
# Of the periodic tasks: its rules are measured one by one; the others ask the queue or
# a disk, and not what people have left.
LEFT_OUT = {
    "supporters.forget",
    "database.retry_stalled",
    "campaign_site.look_at_backups",
}


@contextmanager
def undone():
    """What is done meanwhile is as if it had not been."""
    from django.db import transaction

    class Undo(Exception):
        pass

    with suppress(Undo), transaction.atomic():
        yield
        raise Undo


def rules():
    """The retention rules by their names, with their turn."""
    from database import retention

    return {rule.name: rule.turn for rule in retention.rules()}


def cost_of_looking(name):
    """The CPU milliseconds of finding out what is due."""
    from database import retention

    rule = retention.rule(name)
    with Meter() as meter:
        rule.due()
    return meter.milliseconds


def cost_of_forgetting(name):
    """The CPU milliseconds of a row that is due, and how many there were."""
    from database import retention

    rule = retention.rule(name)
    with undone():
        _let_be_due(name)
        keys = list(islice(rule.keys(), DUE))
        with Meter() as meter:
            number = rule.apply(keys) if keys else 0
    return meter.milliseconds / (number or 1), number


def _let_be_due(name):
    """Make rows of this rule as old as they must be; of some rules, none can be."""
    from django.db import IntegrityError, transaction
    from django.db.utils import InternalError
    from django.utils import timezone

    from campaigns.models import Campaign

    old = timezone.now() - LONG_AGO
    for model, kept in _kept(name):
        columns = [kept.since] if isinstance(kept.since, str) else kept.since
        if callable(columns):
            begun = old - timedelta(days=30)
            Campaign.objects.filter(slug="many").update(opens_at=begun, closes_at=old)
            continue
        found = model._default_manager.filter(kept.where).order_by("pk")
        for path in filter(None, columns[:1]):
            found = found.exclude(**{path: None})
        keys = list(found.values_list("pk", flat=True)[:DUE])
        with suppress(IntegrityError, InternalError), transaction.atomic():
            for path in filter(None, columns):
                _set_back(model, keys, path, old)


def _kept(name):
    """The declaration of a rule with its model; a rule about files has none."""
    from database.personal_data import declared

    return [
        (each.model, kept)
        for each in declared()
        for kept in each.kept
        if kept.name == name
    ]


def _set_back(model, keys, path, old):
    """Let a column of these rows, or of those that they lead to, hold an old moment."""
    *steps, column = path.split("__")
    for step in steps:
        rows = model._base_manager.filter(pk__in=keys).exclude(**{step: None})
        keys = list(rows.values_list(step, flat=True))
        model = model._meta.get_field(step).related_model
    rows = model._base_manager.filter(pk__in=keys).exclude(**{column: None})
    rows.update(**{column: old})


@cache
def tasks():
    """The periodic tasks by their names, with how often they run."""
    from procrastinate.contrib.django import app

    found = app.periodic_registry.periodic_tasks.values()
    return {
        each.task.name: each.cron for each in found if each.task.name not in LEFT_OUT
    }


def is_daily(cron):
    """Whether a task runs once a day at most."""
    return not set("*/") & set("".join(cron.split()[-4:-3]))


def cost_of_task(name):
    from procrastinate.contrib.django import app

    task = app.tasks[name]
    with undone(), Meter() as meter:
        task.func(timestamp=0)
    return meter.milliseconds


def back_up(file):
    """Write a backup; returns its CPU milliseconds, the megabytes of the database, and
    our own at most."""
    import django

    django.setup()
    from campaign_site.backups import archive
    from library.rows import scalar

    taken = _with_its_tools(lambda: archive.write(file))
    size = scalar("SELECT pg_database_size(current_database())") / 1e6
    return taken, size, figures.most_memory()


def restore(file):
    """Restore a backup as a trial; returns its CPU milliseconds, and our megabytes."""
    import django

    django.setup()
    from campaign_site.backups import trial

    with open(file, "rb") as opened:
        taken = _with_its_tools(lambda: trial.restore(opened))
    return taken, figures.most_memory()


def _with_its_tools(do):
    """The CPU milliseconds of this process, all of PostgreSQL, and tools that ended."""
    stat = Path(f"/proc/{backend()}/stat").read_text()
    postmaster = int(stat.rpartition(")")[2].split()[1])
    meter = figures.Meter(ours=[os.getpid()], postgres=[postmaster])
    do()
    used = meter.used()
    return (used.ours + used.postgres) * 1000
