"""Which texts have versions, and what a version holds: fields of a row and of its rows.

A model joins with a line of its own, beside it:

    register(Campaign, rows=["readings", "milestones"], stays=["published_at"])
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.text import capfirst, normalize_newlines


@dataclass(frozen=True)
class Registered:
    """How the texts of one model are kept.

    `rows` are the relations whose rows belong to the text. `left_out` names fields, of
    the text and of its rows, that hold nothing that somebody wrote. `stays` names those
    that a restored version leaves as they are now, such as the time of publishing.
    `along` are further relations that are deleted, and restored, with the text.
    `instead` says what to do with a text that cannot be deleted. `more()` gives fields
    of the text that are no columns, such as one for each language in a JSON field: they
    give what they hold by `value_from_object()`, and take it by `save_form_data()`.
    """

    model: type
    rows: Sequence = ()
    left_out: Sequence = ()
    stays: Sequence = ()
    along: Sequence = ()
    instead: str = ""
    more: Callable = tuple

    @property
    def label(self):
        return self.model._meta.label_lower

    def fields(self, model=None):
        """The fields that a version holds, of the text or of one kind of its rows."""
        parents = {self.row_key(relation) for relation in self.rows}
        columns = [
            field
            for field in (model or self.model)._meta.concrete_fields
            if field.editable
            and not field.primary_key
            and field.name not in self.left_out
            and field not in parents
        ]
        return columns if model else [*columns, *self.more()]

    def row_model(self, relation):
        return self.model._meta.get_field(relation).related_model

    def row_key(self, relation):
        """The foreign key by which a row of this relation belongs to the text."""
        return self.model._meta.get_field(relation).field

    @property
    def hides(self):
        """Whether a deleted text stays in its table, since others' rows point to it."""
        return any(field.name == "deleted_at" for field in self.model._meta.fields)


_REGISTERED = {}


def register(model, **how):
    """Give the texts of this model versions, and let deleted ones be restored."""
    kept = Registered(model, **how)
    _REGISTERED[kept.label] = kept


def registered(label):
    """How a model is kept, by its label or by a row; None when it is not."""
    return _REGISTERED.get(label if isinstance(label, str) else label._meta.label_lower)


def labels():
    return list(_REGISTERED)


def content_of(row):
    """All words of a text and of its rows as they are stored now, ready for JSON.

    Of a text that is not stored yet, its present words.
    """
    how = registered(row)
    stored = row if row._state.adding else how.model._base_manager.get(pk=row.pk)
    return content_as_read(stored)


def content_as_read(row):
    """The content of a text that says what is stored, so that it is not read again."""
    how = registered(row)
    rows = {}
    for relation in how.rows:
        fields = how.fields(how.row_model(relation))
        rows[relation] = [
            {"pk": one.pk, **_values(fields, one)}
            for one in getattr(row, relation).all()
        ]
    return {"fields": _values(how.fields(), row), "rows": rows}


def _values(fields, row):
    return {field.name: _value(field, row) for field in fields}


def _value(field, row):
    """The value as an untouched form would return it.

    Otherwise each saving would seem to change line ends, and cut moments to seconds.
    """
    value = field.value_from_object(row)
    if isinstance(value, str):
        return normalize_newlines(value)
    if value is None or isinstance(value, int | bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    return field.value_to_string(row)


def said(content):
    """A content without its rows' keys, since a form may make rows anew each time."""
    rows = {
        relation: [{n: v for n, v in row.items() if n != "pk"} for row in found]
        for relation, found in content["rows"].items()
    }
    return {"fields": content["fields"], "rows": rows}


def digest(*contents):
    """A short digest of contents: another digest means other words."""
    written = json.dumps([said(one) for one in contents], sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()[:32]


def changed(old, new):
    """The names of fields and relations that differ."""
    old, new = said(old), said(new)
    names = [n for n, v in new["fields"].items() if old["fields"].get(n, v) != v]
    return names + [n for n, v in new["rows"].items() if old["rows"].get(n, v) != v]


def put_back(row, content):
    """Make the text say this again, checked as when a form saves it.

    Raises ValidationError with a sentence for each thing that does not fit any more;
    nothing is changed then.
    """
    how = registered(row)
    faults = []
    with transaction.atomic():
        _fill(row, how.fields(), content["fields"], how.stays)
        _save(row, faults)
        for relation in how.rows:
            _put_back_rows(row, how, relation, content["rows"].get(relation), faults)
        if faults:
            raise ValidationError(faults)


def _put_back_rows(row, how, relation, wanted, faults):
    if wanted is None:  # the relation is younger than the version
        return
    model, key = how.row_model(relation), how.row_key(relation)
    there = {one.pk: one for one in getattr(row, relation).all()}
    for pk in there.keys() - {values["pk"] for values in wanted}:
        there[pk].delete()
    for values in wanted:
        one, stays = there.get(values["pk"]), how.stays
        if one is None:
            one, stays = model(pk=values["pk"], **{key.name: row}), ()
        _fill(one, how.fields(model), values, stays)
        _save(one, faults)


def _fill(row, fields, values, stays):
    for field in fields:
        if field.name in values and field.name not in stays:
            value = field.to_python(values[field.name])
            if field.is_relation:
                setattr(row, field.attname, value)
            else:
                field.save_form_data(row, value)


def _save(row, faults):
    try:
        row.full_clean()
    except ValidationError as error:
        faults += _sentences(row, error)
    else:
        row.save()


def _sentences(row, error):
    for name, said in error.message_dict.items():
        words = " ".join(said)
        if name == NON_FIELD_ERRORS:
            yield words
        else:
            label = capfirst(row._meta.get_field(name).verbose_name)
            yield f"{label}: {words}"
