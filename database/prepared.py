"""Querysets whose SQL is built once in a process, and not once for each page.

For the machine at a viral peak, and whoever waits for a form to be taken. Django takes
longer to build a statement than PostgreSQL to answer it. Built anew each time, these
make the action page cost 1.7 times as much (`bench/run.py`, “Uncached page”),
commenting 1.18 times and sending a letter 1.29 times. What carries no aim is a plain
queryset (decision 46). Only the building is saved: every call asks the
database.

    READINGS = PreparedQuery(lambda: Reading.objects.filter(campaign=Given("campaign")))
    READINGS.rows(campaign=3)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    FETCH_ONE,
    BigIntegerField,
    CharField,
    DateTimeField,
    Expression,
    Field,
    Model,
    QuerySet,
    TextField,
)
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault
from django.db.models.query import get_related_populators

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


def rows_of(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement returns, by the cursor that the connection keeps."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    rows: list[tuple[Any, ...]] = database.rows_of(sql, values)
    return rows


class Given(Expression):
    """A value that is known only when the rows are asked for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    # Where Django expects a value, this object stands; rows() replaces it.
    def as_sql(  # type: ignore[override]
        self, compiler: "SQLCompiler", connection: "BaseDatabaseWrapper"
    ) -> tuple[str, tuple["Given"]]:
        return "%s", (self,)


class PreparedQuery[Row: Model]:
    """The queryset that `build` returns: of one table, with Given(...) in its filters.

    It may have annotations, select_related() and only().
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build

    def rows(self, **given: Any) -> list[Row]:
        """The instances, read from the database now."""
        return self._instances(rows_of(self._statement.sql, self._values(given)))

    def _values(self, given):
        values = self._statement.values
        return [given[v.name] if isinstance(v, Given) else v for v in values]

    def _instances(self, found):
        known = self._statement
        if known.converters:
            found = self._compiler.apply_converters(found, known.converters)
        instances = []
        for row in found:
            values = row[: len(known.names)]
            instance = known.model.from_db(connection.alias, known.names, values)
            for name, place in known.annotations:
                setattr(instance, name, row[place])
            for related in known.related:
                related.populate(row, instance)
            instances.append(instance)
        return instances

    @cached_property
    def _compiler(self):
        return self._build().query.get_compiler(connection.alias)

    @cached_property
    def _statement(self):
        compiler = self._compiler
        sql, values = compiler.as_sql()
        fields = compiler.klass_info["select_fields"]
        selected = [expression for expression, _sql, _alias in compiler.select]
        if fields != list(range(len(fields))):
            raise TypeError("The fields do not come first.")
        return _Statement(
            model=compiler.klass_info["model"],
            names=[selected[place].target.attname for place in fields],
            annotations=list(compiler.annotation_col_map.items()),
            related=get_related_populators(
                compiler.klass_info, compiler.select, connection.alias, FETCH_ONE
            ),
            converters=compiler.get_converters(selected),
            types=[e.output_field.cast_db_type(connection) for e in selected],
            sql=sql,
            values=values,
        )


@dataclass(frozen=True)
class _Statement:
    """What is remembered of a queryset; `types` are those of all its columns."""

    model: type
    names: list
    annotations: list
    related: list
    converters: dict
    types: list
    sql: str
    values: tuple


def rows_together(*asked: tuple[PreparedQuery, Mapping[str, Any]]) -> list[list]:
    """The rows of several prepared queries by one statement: a list for each query.

    `asked` are pairs of a query and what is given to it. An action page asks 7
    statements by this (tests/campaigns/test_cost.py), and 12 without; the aim is 8.
    """
    queries = tuple(query for query, _given in asked)
    values = [value for query, given in asked for value in query._values(given)]
    answers = rows_of(_together(queries), values)
    found, start = [], 2
    for number, query in enumerate(queries):
        end = start + len(query._statement.types)
        mine = [row[start:end] for row in answers if row[0] == number]
        found.append(query._instances(mine))
        start = end
    return found


def which_have_rows(*asked: tuple[PreparedQuery, Mapping[str, Any]]) -> list[bool]:
    """Whether each of several prepared queries finds a row, in one statement.

    `asked` are pairs, as for rows_together().
    """
    if not asked:
        return []
    sql = ", ".join(f"EXISTS ({query._statement.sql})" for query, _given in asked)
    values = [value for query, given in asked for value in query._values(given)]
    [answers] = rows_of(f"SELECT {sql}", values)
    return list(answers)


@lru_cache(maxsize=64)
def _together(queries):
    """One statement with each query's rows in its own columns, in the query's order."""
    parts = []
    for number, query in enumerate(queries):
        own = [f"c{place}" for place in range(len(query._statement.types))]
        columns = []
        for each in queries:
            empty = [f"NULL::{of_type}" for of_type in each._statement.types]
            columns += own if each is query else empty
        parts.append(
            f"SELECT {number}, row_number() OVER (), {', '.join(columns)}"
            f" FROM ({query._statement.sql}) AS q ({', '.join(own)})"
        )
    return f"{' UNION ALL '.join(parts)} ORDER BY 1, 2"


def insert(*rows: Model, known_by: Mapping[type[Model], str] | None = None) -> None:
    """Store new rows, of one or more models, in one statement, as the ORM would.

    A foreign key, or a number that is a key to any table, may hold a row that stands
    before it. `known_by`, like {Supporter: "email"}, names a unique field: a row that
    is there already is taken as it is. Statements are built once in a process. Signals
    are not sent, and values cannot be expressions. What the database fills in is set on
    the rows.
    """
    places = {id(row): place for place, row in enumerate(rows)}
    # The connection itself, since its stand-in is slow.
    database = connections[DEFAULT_DB_ALIAS]
    shape, given = [], []
    for row in rows:
        form = type(row), _links(row, places), _left_to_database(row), _unusual(row)
        shape.append(form)
        for field, name, is_kept, kept_type in _given(*form):
            value = getattr(row, name) if is_kept else field.pre_save(row, add=True)
            # No field makes anything else of None.
            if value is not None and type(value) is not kept_type:
                value = field.get_db_prep_save(value, database)
            given.append(value)
    sql, filled_in = _insertion(tuple(shape), tuple((known_by or {}).items()))
    [returned] = rows_of(sql, given)
    values = iter(returned)
    for row, (names, links) in zip(rows, filled_in, strict=True):
        for name in names:
            row.__dict__[name] = next(values)
        for name, key, place in links:
            row.__dict__[name] = getattr(rows[place], key)
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def new_row[Row: Model](model: type[Row], **values: Any) -> Row:
    """What `model(**values)` makes, for insert(): Django looks at each field anew.

    A model with an __init__() of its own is made without it, and no signal is sent.
    """
    names, usual, made = _blank(model)
    if unknown := values.keys() - names:
        raise TypeError(f"{model.__name__} has no {unknown}")
    row = object.__new__(model)
    row.__dict__.update(usual)
    row._state = ModelState()
    # Django would ask which database it is with each key that is set.
    row._state.db = DEFAULT_DB_ALIAS
    for name, make in made:
        if name not in values:
            row.__dict__[name] = make()
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _blank(model):
    """The names that a new row may be given, what it holds, and what is made for it."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    made = {f.attname: f.default for f in fields if f.has_default()}
    made = {name: make for name, make in made.items() if callable(make)}
    names = {name for f in fields for name in (f.name, f.attname)}
    blank = model().__dict__
    usual = {f.attname: blank[f.attname] for f in fields if f.attname not in made}
    return names, usual, list(made.items())


# Fields are named in what follows: their own hashes are slow, and each statement is
# found by a hundred of them.
def _links(row, places):
    """Which keys of a row hold which of the rows, as (name, place)."""
    held = row._state.fields_cache
    found = []
    for name, cached in _keys(type(row)):
        parent = held.get(name) if cached else row.__dict__[name]
        if parent is not None and id(parent) in places:
            found.append((name, places[id(parent)]))
    return tuple(found)


@cache
def _keys(model):
    """The names of foreign keys, with True, and of what may be keys to any table."""
    return [
        (field.name, field.is_relation)
        for field in model._meta.concrete_fields
        if field.is_relation or type(field) is BigIntegerField
    ]


def _left_to_database(row):
    """The names of fields with a default of the database that have no value."""
    return tuple(
        name
        for name in _with_default(type(row))
        if isinstance(row.__dict__[name], DatabaseDefault)
    )


@cache
def _with_default(model):
    return [f.attname for f in model._meta.concrete_fields if f.has_db_default()]


# The fields of a model that had another value than the usual one in this process.
_had_others: dict[type[Model], frozenset[str]] = {}


def _unusual(row):
    """The names of the fields that are parameters, though their model has a default.

    Most values of a new row are none or empty, as their default says. These stand as
    words in the statement: to look at each, and to send it, takes longer. A field that
    had another value once is a parameter for all rows from then on, so that no
    statement tells what was found about its row.
    """
    model, values = type(row), row.__dict__
    known = _had_others.get(model, frozenset())
    for name, usual in _usual(model):
        if values[name] is not usual and name not in known:
            _had_others[model] = known = known | {name}
    return known


@cache
def _usual(model):
    """The fields whose default is one of _WORDS, and that default."""
    defaults = (
        (field, field.get_default())
        for field in model._meta.concrete_fields
        if type(field).pre_save is Field.pre_save and not _is_filled_in(field, ())
    )
    return [(f.attname, usual) for f, usual in defaults if _word(usual) is not None]


def _word(value):
    return _WORDS.get((type(value), value)) if type(value) in _WORD_TYPES else None


# A value is looked up with its type, since True is 1.
_WORDS: dict[tuple[type, Any], str] = {
    (type(None), None): "NULL",
    (bool, False): "false",
    (int, 0): "0",
    (int, 1): "1",
    (str, ""): "''",
}
_WORD_TYPES = {of_type for of_type, _value in _WORDS}


@cache
def _given(model, links, left, unusual):
    """The fields that are parameters, and what is kept as it is.

    That is what the row holds, if the field does nothing before it is saved, and the
    type of the values from which the field makes nothing else.
    """
    words = _words(model, unusual)
    return [
        (
            field,
            field.attname,
            _has_nothing_to_do(field),
            str if _takes_texts_as_they_are(field) else None,
        )
        for field in _given_fields(model, links, left)
        if field.attname not in words
    ]


def _has_nothing_to_do(field):
    """Whether the field changes nothing at its row before it is saved."""
    if type(field) is DateTimeField:
        return not (field.auto_now or field.auto_now_add)
    return type(field).pre_save is Field.pre_save


def _takes_texts_as_they_are(field):
    kind = type(field)
    return (
        kind.get_prep_value in (CharField.get_prep_value, TextField.get_prep_value)
        and kind.get_db_prep_value is Field.get_db_prep_value
        and kind.get_db_prep_save is Field.get_db_prep_save
    )


def _words(model, unusual):
    """What stands in the place of a value, by the field's name."""
    return {n: _word(usual) for n, usual in _usual(model) if n not in unusual}


@cache
def _given_fields(model, links, left):
    """The fields whose values come from the row itself."""
    linked = dict(links)
    return [
        field
        for field in model._meta.concrete_fields
        if not _is_filled_in(field, left) and field.name not in linked
    ]


def _is_filled_in(field, left):
    """Whether the database fills this field."""
    return field.primary_key or field.attname in left or field.generated


@cache
def _insertion(shape, known_by):
    """The SQL; and for each row the names of what the database fills in, and its links.

    A link is the name of a key, that of what it holds of another row, and the place of
    that row.
    """
    quote = connection.ops.quote_name
    filled_in, parts, results = [], [], []
    for place, (model, links, left, unusual) in enumerate(shape):
        words, held = _words(model, unusual), []
        own = _given_fields(model, links, left)
        values = {field: words.get(field.attname, "%s") for field in own}
        for name, parent_place in links:
            field, parent = model._meta.get_field(name), shape[parent_place][0]
            target = field.target_field if field.is_relation else parent._meta.pk
            values[field] = f"(SELECT {_names([target])} FROM r{parent_place})"
            held.append((field.attname, target.attname, parent_place))
        conflict = ""
        if same := dict(known_by).get(model):
            same = _names([model._meta.get_field(same)])
            conflict = f" ON CONFLICT ({same}) DO UPDATE SET {same} = EXCLUDED.{same}"
        back = [f for f in model._meta.concrete_fields if _is_filled_in(f, left)]
        parts.append(
            f"r{place} AS (INSERT INTO {quote(model._meta.db_table)}"
            f" ({_names(values)}) VALUES ({', '.join(values.values())}){conflict}"
            f" RETURNING {_names(back)})"
        )
        results += [f"r{place}.{_names([field])}" for field in back]
        filled_in.append(([field.attname for field in back], held))
    tables = ", ".join(f"r{place}" for place in range(len(shape)))
    return (
        f"WITH {', '.join(parts)} SELECT {', '.join(results)} FROM {tables}",
        filled_in,
    )


def _names(fields):
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)
