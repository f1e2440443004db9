"""What is deleted together with a text, and what keeps it from being deleted.

When in doubt, a text stays: a row that points to it, and of which no model says that it
goes, forbids deleting. Where a text is only hidden, each app says this itself: its
AppConfig offers `dependents(row)`, and `delete_with(row)` for the final deletion.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext, ngettext

from versions import texts


@dataclass
class Dependents:
    """Sentences: what is deleted together with a text, and why the text must stay."""

    goes: list = field(default_factory=list)
    stays: list = field(default_factory=list)


def dependents_of(row):
    dependents = Dependents()
    for config in _configs("dependents"):
        found = config.dependents(row)
        dependents.goes += found.goes
        dependents.stays += found.stays
    # An app that says why the row must stay knows it without reading all that points to
    # the row, which may be a million signatures.
    if not dependents.stays and not texts.registered(row).hides:
        _look_at_rows(row, dependents)
    return dependents


def rows_with(row):
    """The row and all that is deleted with it, in the order in which to restore it."""
    found, _protecting = _collected(row)
    rest = [one for model, rows in found.items() for one in rows if one != row]
    return [row, *rest]


def delete_for_ever(row):
    """Delete a hidden row, after what the apps above hold of it."""
    for config in reversed(_configs("delete_with")):
        config.delete_with(row)
    row.delete()


def _configs(hook):
    return [config for config in apps.get_app_configs() if hasattr(config, hook)]


def _look_at_rows(row, dependents):
    how = texts.registered(row)
    mine = {how.model} | {how.row_model(r) for r in (*how.rows, *how.along)}
    found, protecting = _collected(row)
    for model, rows in found.items():
        if model is how.model:
            continue
        words = _counted(model, len(rows))
        if model in mine:
            dependents.goes.append(words)
        else:
            dependents.stays.append(gettext("It has %s.") % words)
    if dependents.stays:
        return
    kept_by = Counter(type(one) for one in protecting)
    dependents.stays += [
        gettext("It has %s.") % _counted(model, number)
        for model, number in kept_by.items()
    ]


def _collected(row):
    """What the database would delete with the row, by model, and what forbids it."""
    collector = Collector(using="default", origin=row)
    try:
        collector.collect([row])
    except ProtectedError as error:
        return {}, error.protected_objects
    except RestrictedError as error:
        return {}, error.restricted_objects
    found = {model: list(rows) for model, rows in collector.data.items()}
    for rows in collector.fast_deletes:
        found.setdefault(rows.model, []).extend(rows)
    return {model: rows for model, rows in found.items() if rows}, []


def _counted(model, number):
    meta = model._meta
    return ngettext("%(n)d %(one)s", "%(n)d %(many)s", number) % {
        "n": number,
        "one": meta.verbose_name,
        "many": meta.verbose_name_plural,
    }
