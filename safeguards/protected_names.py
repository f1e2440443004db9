"""The one table of names that nobody else may sign with, and how it is kept at hand.

The apps above write what they own: officials, campaigns, the site. Each process keeps
the table in memory, ready to be looked at. Whether that is still all of it is told by
the number of the newest row, which a form asks for in a statement that it makes anyway
(safeguards/blocks.py).
"""

from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from safeguards.posing import ORGANISATION, Names

# Asked together with something else, whose rows are two texts, too.
NEWEST = "names"
NEWEST_NAME = f"SELECT '{NEWEST}', max(id)::text FROM safeguards_protectedname"
# Pairs of a kind (safeguards/posing.py) and a name.
type KindsAndNames = Iterable[tuple[str, str]]
# Any number, the same for all who write names: PostgreSQL's advisory lock.
_WRITING = 0x6E616D6573


class ProtectedNameQuerySet(models.QuerySet["ProtectedName"]):
    def replace(self, by_source: Mapping[str, KindsAndNames]) -> None:
        """Let these be the names of some sources: by source.

        Nothing is written that stands already. Whoever writes waits for the one before,
        so that the newest row that anybody sees is the last one.
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
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])
            # A mark without a name: so there is a newer row also when a name has gone.
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

    It is stored as it is written. How it is folded may change with a version.
    """

    # Whose it is, for whoever writes it: "letters.recipient 5".
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
    """Also what is stored and deleted in bulk has its names written."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        with transaction.atomic():
            stored = super().bulk_create(*args, **kwargs)
            protect(stored)
        return stored

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            unprotect(self)
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Protected(models.Model):
    """What bears names that nobody else may sign with; saving it writes them."""

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            protect([self])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            unprotect([self])
            return super().delete(*args, **kwargs)

    def protected_names(self) -> KindsAndNames:
        raise NotImplementedError

    @property
    def protected_as(self) -> str:
        return f"{self._meta.label_lower} {self.pk}"


def protect(rows: Iterable[Protected]) -> None:
    """Write the names of these."""
    ProtectedName.objects.replace(
        {row.protected_as: row.protected_names() for row in rows}
    )


def unprotect(rows: Iterable[Protected]) -> None:
    """Take the names of these away."""
    ProtectedName.objects.replace({row.protected_as: [] for row in rows})


def known(newest: str | None) -> Names:
    """The names, when the newest row has this number; from memory, if it can be."""
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
