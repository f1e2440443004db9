"""What a process keeps in memory of the database, and reads again every few seconds.

`Known` keeps a small table. So no page waits for what staff hardly ever change, and a
visitor's request asks nothing more: even a page from the cache must know which branding
is current, and asks the database nothing (`bench/run.py` fails otherwise). The process
that changes it knows at once, the others within KNOWN_SECONDS. While the database is
away, the last value stays.

`KnownRows` keeps rows that a form must know, but only until the database says that they
have changed: it is asked with each form.
"""

import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Expression, Model, QuerySet, TextField
from django.db.models.base import ModelState

from database.prepared import PreparedQuery

logger = logging.getLogger(__name__)
KNOWN_SECONDS = 8  # and a page is rendered then: ten on all webs
# The one answer to the question of KnownRows.
AS_KNOWN = "as known"
# So many rows are kept of one query; then it begins anew.
MOST_ROWS = 100


class Known[Value]:
    """A value that `read()` gets from the database, and `first` before that."""

    def __init__(self, read: Callable[[], Value], first: Value) -> None:
        self.value = first
        self._read, self._until = read, 0.0

    def current(self) -> Value:
        """The value, at most some seconds old."""
        if time.monotonic() >= self._until:
            self.learn()
        return self.value

    def learn(self) -> None:
        """Read it now."""
        self._until = time.monotonic() + KNOWN_SECONDS
        try:
            self.value = self._read()
        except Error as error:
            logger.warning("What the site knows cannot be read: %s", error)

    def note(self, value: Value) -> None:
        """Take what another statement has just read."""
        self.value = value
        self._until = max(self._until, time.monotonic() + KNOWN_SECONDS)

    def know(self, value: Value) -> None:
        """Let this be the value until it is told otherwise; for tests."""
        self.value, self._until = value, float("inf")


class KnownRows[Row: Model](PreparedQuery[Row]):
    """Rows that a form must know before it is taken, with those that they refer to.

    For the machine at a viral peak. To read them for each form made signing cost 1.1
    times as much (`bench/run.py`, “Signing”; decision 46). A form asks the question in
    a statement that it needs anyway, and reads anew without the answer AS_KNOWN:

        petition = PETITIONS.recall(slug=slug)
        sql, values = PETITIONS.question(petition)

    What is returned is the caller's own: no request sees what another does with a row.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        # The stubs make another type of an annotated queryset.
        super().__init__(lambda: build().annotate(row_version=_Version()))  # type: ignore[arg-type,return-value]
        self._kept: dict[tuple[Any, ...], tuple[float, Row]] = {}

    def recall(self, **given: Any) -> Row | None:
        """The row, as it was some seconds ago at most."""
        until, row = self._kept.get(_key(given), (0.0, None))
        return _own(row) if row and time.monotonic() < until else self.read(**given)

    def read(self, **given: Any) -> Row | None:
        """The row as it is now, or None."""
        row = next(iter(self.rows(**given)), None)
        if row is None:
            return None
        done: dict[int, Model] = {}
        own = _own(row, done)
        for each in done.values():
            hash(tuple(each.__dict__.values()))  # a value that can change has none
        if len(self._kept) >= MOST_ROWS:
            self._kept = {}
        self._kept[_key(given)] = time.monotonic() + KNOWN_SECONDS, row
        return own

    def question(self, row: Row) -> tuple[str, list[Any]]:
        """Ask whether the row is as known: a SELECT with its values.

        It finds AS_KNOWN and NULL, or nothing: then it was changed or deleted since it
        was read, or another row that it is joined to was.
        """
        return self._question, [row.pk, row.__dict__["row_version"]]

    @cached_property
    def _question(self):
        database = connections[DEFAULT_DB_ALIAS]
        compiler = self._build().query.get_compiler(connection=database)
        compiler.setup_query()  # joins the tables
        tables, _values = compiler.get_from_clause()
        version, _values = _Version().as_sql(compiler, database)
        key = compiler.query.get_meta().pk
        column = f"{compiler.quote_name(key.model._meta.db_table)}.{key.column}"
        return (
            f"SELECT '{AS_KNOWN}', NULL FROM {' '.join(tables)}"
            f" WHERE {column} = %s AND {version} = %s"
        )


class _Version(Expression):
    """The versions of all rows that are joined, as one text.

    PostgreSQL writes a changed row to another place (ctid), and notes with it which
    transaction has written it (xmin). Neither alone tells two versions apart: a
    transaction may change a row twice, and a place is used again.
    """

    output_field = TextField()

    def as_sql(self, compiler, connection):
        used = compiler.query.alias_refcount
        tables = [connection.ops.quote_name(name) for name in used if used[name]]
        parts = ", ".join(f"{table}.ctid, {table}.xmin" for table in tables)
        return f"concat({parts})", ()


def _key(given):
    return tuple(sorted(given.items()))


def _own[Row: Model](row: Row, done: dict[int, Any] | None = None) -> Row:
    """A copy of a row and of those that it is joined to, which shares no changes."""
    done = {} if done is None else done
    if (known := done.get(id(row))) is not None:
        return known
    done[id(row)] = own = object.__new__(type(row))
    own.__dict__.update(row.__dict__)
    state = own._state = ModelState()
    state.__dict__.update(row._state.__dict__)
    state.fields_cache = {
        name: joined and _own(joined, done)
        for name, joined in row._state.fields_cache.items()
    }
    return own
