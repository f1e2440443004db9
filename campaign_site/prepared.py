"""Querysets whose statement is put together once in a process, not once a page.

Django takes longer to write a statement (0.2 ms) than PostgreSQL to answer it, and the
action page asks for many things. Only the writing is saved: every call asks anew.

    READINGS = Prepared(lambda: Reading.objects.filter(campaign=Given("campaign")))
    READINGS.rows(campaign=3)
"""

from functools import cached_property

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
