"""How two contents of a text differ, field by field and word by word."""

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import partial
from itertools import groupby

from django.db import models
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from versions import texts
from versions.words import kind, lines, rich_lines

SAME, OUT, IN = "same", "out", "in"
# Comparing costs the product of both lengths. Two longer texts without a line in common
# are shown whole.
MOST_COMPARED = 4_000_000
# So many equal lines are shown around a difference.
AROUND = 1
# Two lines that are less alike, also by their spaces, are not two states of one line.
ALIKE = 0.5


@dataclass(frozen=True)
class Compared:
    """A line of a comparison, with runs of (same | out | in, words)."""

    runs: tuple
    hidden: int = 0  # it stands for so many equal lines

    @property
    def is_same(self):
        return all(state == SAME for state, _words in self.runs)

    @property
    def html(self):
        """The line as HTML; words, lines and colours mark what differs."""
        runs = ((_run(state, "".join(found)),) for state, found in self.runs)
        return format_html_join("", "{}", runs)


@dataclass(frozen=True)
class Difference:
    """A field or a row that differs: its label and its lines."""

    label: str
    lines: list


def differences(label, old, new):
    """The differences between two contents of a text of this model."""
    how = texts.registered(label)
    found = []
    for field in how.fields():
        before, after = (content["fields"].get(field.name) for content in (old, new))
        if field.name in old["fields"] and before != after:
            sides = _lines(field, before), _lines(field, after)
            if sides[0] == sides[1]:  # only what is bold, or such, differs
                sides = lines(before), lines(after)
            label = capfirst(field.verbose_name)
            found.append(Difference(label, folded(compare(*sides))))
    for relation in how.rows:
        if relation in old["rows"]:
            sides = (content["rows"].get(relation, []) for content in (old, new))
            found += _rows(how, relation, *sides)
    return found


def _rows(how, relation, old, new):
    model = how.row_model(relation)
    fields = how.fields(model)
    for one, other in _matched(fields, old, new):
        compared = []
        for field in fields:
            sides = one.get(field.name), other.get(field.name)
            if sides[0] == sides[1] or not any(sides):
                continue
            name = (SAME, (kind(capfirst(field.verbose_name)),))
            compared += [
                Compared((name, *line.runs))
                for line in compare(*(_lines(field, side) for side in sides))
            ]
        if not compared:
            continue
        what = {(True, False): _("%s, removed"), (False, True): _("%s, added")}
        said = what.get((bool(one), bool(other)), "%s")
        name = capfirst(model._meta.verbose_name)
        yield Difference(
            str(said) % f"{name} “{_title(fields, one or other)}”", compared
        )


def _matched(fields, old, new):
    """Pairs of rows that differ: what a row was, and what it is now; {} for none.

    Rows belong together by their key. Since a form may make rows anew, rows also belong
    together by what they say or by their title.
    """
    known, keys = {row["pk"]: row for row in old}, {row["pk"] for row in new}
    left = [row for row in old if row["pk"] not in keys]
    found = []
    for row in new:
        same = known.get(row["pk"])
        for mark in (_says, partial(_title, fields)):
            if same is None:
                same = next((one for one in left if mark(one) == mark(row)), None)
                if same:
                    left.remove(same)
        found.append((same or {}, row))
    found += [(row, {}) for row in left]
    return [pair for pair in found if _says(pair[0]) != _says(pair[1])]


def _says(row):
    return {name: value for name, value in row.items() if name != "pk"}


def _title(fields, row):
    """The first words of a row, by which a person knows it."""
    # The order is that of the fields, since JSON in PostgreSQL keeps none.
    values = (row.get(field.name) for field in fields)
    first = next((value for value in values if isinstance(value, str) and value), "–")
    return first if len(first) <= 60 else f"{first[:60]}…"


def _lines(field, value):
    if isinstance(field, ProseEditorField):
        return rich_lines(value or "")
    return lines(_shown(field, value))


def _shown(field, value):
    """A stored value in words."""
    if value in (None, ""):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ForeignKey):
        target = field.related_model._base_manager.filter(pk=value).first()
        return str(target) if target else gettext("(not there any more)")
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dict):  # texts by name
        return "\n".join(map(str, value.values()))
    value = field.to_python(value)
    return str(localize(localtime(value) if isinstance(value, datetime) else value))


def changes(old, new, *, is_rich=False):
    """How a text has changed, by lines and words; equal lines are folded."""
    cut = rich_lines if is_rich else lines
    return folded(compare(cut(old), cut(new)))


def compare(old, new):
    """The lines of two texts, compared."""
    if len(old) * len(new) > MOST_COMPARED:
        return [*_whole(old, OUT), *_whole(new, IN)]
    found = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for state, i, to_i, j, to_j in matcher.get_opcodes():
        if state == "equal":
            found += _whole(old[i:to_i], SAME)
            continue
        before, after = old[i:to_i], new[j:to_j]
        for one, other in zip(before, after, strict=False):
            found += _pair(one, other)
        found += _whole(before[len(after) :], OUT)
        found += _whole(after[len(before) :], IN)
    return found


def _whole(found, state):
    return [Compared(((state, line),)) for line in found]


def _pair(one, other):
    """Two states of a line as one line, word by word; or one line after the other."""
    both = [*_whole([one], OUT), *_whole([other], IN)]
    if len(one) * len(other) > MOST_COMPARED:
        return both
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < ALIKE and one and other:
        return both
    runs = []
    for state, i, to_i, j, to_j in matcher.get_opcodes():
        before, after = one[i:to_i], other[j:to_j]
        if state == "equal":
            runs.append((SAME, before))
        else:
            runs += [(OUT, before), (IN, after)]
    return [Compared(tuple(run for run in runs if run[1]))]


def folded(compared):
    """The lines without the equal ones, except those around a difference."""
    near = set()
    for place, line in enumerate(compared):
        if not line.is_same:
            near |= set(range(place - AROUND, place + AROUND + 1))
    found = []
    places = enumerate(compared)
    for is_near, group in groupby(places, key=lambda pair: pair[0] in near):
        together = [line for _place, line in group]
        if is_near or len(together) == 1:
            found += together
        else:
            found.append(Compared((), hidden=len(together)))
    return found


_FRAMES = {
    SAME: "{1}",
    # What lines and colours show is also said in words, for people who do not see them.
    OUT: '<del><span class="visually-hidden"> [{0} </span>{1}'
    '<span class="visually-hidden">] </span></del>',
    IN: '<ins><span class="visually-hidden"> [{0} </span>{1}'
    '<span class="visually-hidden">] </span></ins>',
}


def _run(state, found):
    said = {OUT: _("removed:"), IN: _("added:")}.get(state, "")
    return format_html(_FRAMES[state], said, found)
