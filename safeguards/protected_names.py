"""The one table of names that nobody else may sign with, and its copy in memory.

The apps above write the names they own: of officials, campaigns and the site. Each
process keeps the table in memory, ready for looking up. Whether the copy is complete is
told by the number of the newest row, which a form reads in a statement that it makes
anyway (safeguards/judging.py).
"""

from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from safeguards.posing import ORGANISATION, Names

# The kind of the row that tells the newest row's number, among pairs of texts.
NEWEST = "names"
NEWEST_NAME = f"SELECT '{NEWEST}', max(id)::text FROM safeguards_protectedname"
# Pairs of a kind (safeguards/posing.py) and a name.
type KindsAndNames = Iterable[tuple[str, str]]
# Key of PostgreSQL's advisory lock: any number, the same for all who write names.
_WRITING = 0x6E616D6573


class ProtectedNameQuerySet(models.QuerySet["ProtectedName"]):
    def replace(self, by_source: Mapping[str, KindsAndNames]) -> None:
        """Let these be the names of the sources given.

        What stands already is not written again. A writer waits for the one before, so
        that the newest row that anybody sees is the last one.
        """
        for some in batched(by_source, 1000):
            stored: dict[str, set[tuple[str, str]]] = {source: set() for source in some}
            for row in self.filter(source__in=some):
                stored[row.source].add((row.kind, row.name))
            changed = {source: _distinct(by_source[source]) for source in some}
            changed = {s: names for s, names in changed.items() if names != stored[s]}
            if changed:
                self._write(changed)

    def _write(self, by_source):
        with transaction.atomic(savepoint=False):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])
            # A mark without a name makes a newer row even when names were only removed.
            self.filter(models.Q(source__in=by_source) | models.Q(name="")).delete()
            rows = [
                self.model(source=source, kind=kind, name=name)
                for source, names in by_source.items()
                for kind, name in sorted(names)
            ]
            self.bulk_create([*rows, self.model(name="")], batch_size=1000)


def _distinct(names):
    lines = ((kind, " ".join(name.split())[:250]) for kind, name in names)
    return {(kind, line) for kind, line in lines if line}


class ProtectedName(models.Model):
    """A name that strangers must not take for its bearer's.

    It is stored as it is written. How it is folded may change with a version of the
    site.
    """

    # Whose name it is, as the app that writes it says: "letters.recipient 5".
    source = models.CharField(max_length=80, db_index=True)
    # One of posing.KINDS.
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=250)

    objects = ProtectedNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("protected name")
        verbose_name_plural = _("protected names")

    def __str__(self) -> str:
        return self.name


class ProtectedQuerySet[Row: "Protected"](models.QuerySet[Row]):
    """Writes the names also of what is stored and deleted in bulk."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        with transaction.atomic(savepoint=False):
            stored = super().bulk_create(*args, **kwargs)
            protect(stored)
        return stored

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(savepoint=False):
            unprotect(self)
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Protected(models.Model):
    """A model with names that nobody else may sign with; saving it writes them.

    As with Django's own models, whoever goes on after an error has a savepoint.
    """

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            protect([self])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic(savepoint=False):
            unprotect([self])
            return super().delete(*args, **kwargs)

    def protected_names(self) -> KindsAndNames:
        raise NotImplementedError

    @property
    def protected_as(self) -> str:
        return f"{self._meta.label_lower} {self.pk}"


def protect(rows: Iterable[Protected]) -> None:
    """Write the names of these rows."""
    ProtectedName.objects.replace(
        {row.protected_as: row.protected_names() for row in rows}
    )


def unprotect(rows: Iterable[Protected]) -> None:
    """Remove the names of these rows."""
    ProtectedName.objects.replace({row.protected_as: [] for row in rows})


def known(newest: str | None) -> Names:
    """The names, if `newest` numbers their newest row; from memory if possible."""
    given = (newest, settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL)
    if _Kept.given != given:
        rows = ProtectedName.objects.exclude(name="").values_list("kind", "name")
        own = [settings.SITE_NAME, parseaddr(settings.DEFAULT_FROM_EMAIL)[0]]
        own = [(ORGANISATION, name) for name in own if name]
        _Kept.names, _Kept.given = Names([*own, *rows]), given
    return _Kept.names


class _Kept:
    names: Names
    given: tuple = ()
