"""Querysets whose statement is put together once in a process, not once a page.

Django takes longer to write a statement (0.2 ms) than PostgreSQL to answer it, and the
action page asks for many things. Only the writing is saved: every call asks anew.

    READINGS = Prepared(lambda: Reading.objects.filter(campaign=Given("campaign")))
    READINGS.rows(campaign=3)
"""

from functools import cache, cached_property

from django.db import connection
from django.db.models import Expression


class Given(Expression):
    """A value that is known only when the rows are asked for."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """What `build` returns: a queryset of one table, with Given(...) in its filters."""

    def __init__(self, build):
        self._build = build

    def rows(self, **given):
        """The instances, read from the database now."""
        model, sql, values = self._statement
        values = [given[v.name] if isinstance(v, Given) else v for v in values]
        return list(model.objects.raw(sql, values))

    @cached_property
    def _statement(self):
        queryset = self._build()
        return queryset.model, *queryset.query.sql_with_params()


def insert(model, **values):
    """A new row, as `model.objects.create(**values)` makes it, for less.

    Its statement is put together once in a process; signals are not sent, and values
    are no expressions. What the database fills in comes back with the row.
    """
    [row] = insert_all([model(**values)])
    return row


def insert_all(rows):
    """New rows of one model, in one statement; the same rows, as they are stored."""
    fields, filled_in, sql = _insertion(type(rows[0]), len(rows))
    given = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        for row, values in zip(rows, cursor.fetchall(), strict=True):
            for field, value in zip(filled_in, values, strict=True):
                setattr(row, field.attname, value)
            row._state.adding, row._state.db = False, connection.alias
    return rows


@cache
def _insertion(model, number):
    columns = model._meta.concrete_fields
    filled_in = [
        f for f in columns if f.primary_key or f.has_db_default() or f.generated
    ]
    fields = [field for field in columns if field not in filled_in]

    def names(those):
        return ", ".join(connection.ops.quote_name(field.column) for field in those)

    one = f"({', '.join(['%s'] * len(fields))})"
    sql = (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} "
        f"({names(fields)}) VALUES {', '.join([one] * number)} "
        f"RETURNING {names(filled_in)}"
    )
    return fields, filled_in, sql
