"""What the inbox shows: a tab for each kind of thing that waits for a decision.

An AppConfig offers `inbox()`, the tabs of its kinds, and campaigns/inbox.py is the
page. A tab knows which rows somebody may see, says them in words, and calls the verbs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from staff import reach


@dataclass(frozen=True)
class InboxDecision:
    """A button: its name, its words, and the key of the keyboard that presses it.

    What cannot be undone, or needs a `form`, is asked for first, on a page with this
    title.
    """

    name: str
    label: str
    key: str
    title: Any = ""
    is_yes: bool = False
    is_final: bool = False
    form: type[forms.Form] | None = None

    @property
    def is_asked_first(self):
        return self.is_final or self.form is not None


@dataclass
class InboxRow:
    """One thing that waits, in words, or several that are decided on together.

    `key` is what its buttons send, `facts` are pairs of a word and what it says, and
    `page` shows all of it.
    """

    key: str
    title: str
    page: str = ""
    place: Any = ""
    excerpt: str = ""
    facts: Sequence[tuple[str, Any]] = ()
    reports: Iterable = ()
    links: Sequence[tuple[str, str]] = ()
    decisions: Sequence[InboxDecision] = ()


@dataclass
class Done:
    """What a decision has done, in a sentence.

    `rows` has a model's label, the keys and how many of these have changed, for the
    audit trail. `undo` is what takes it back, if something can.
    """

    said: str
    rows: Sequence[tuple[str, Sequence, int]]
    undo: str = ""

    @classmethod
    def of(cls, model, keys, number, said, undo=""):
        """With rows of one model; without keys, nothing was done."""
        rows = [(model._meta.label_lower, keys, number)] if keys else []
        return cls(said, rows, undo)

    @property
    def number(self):
        return sum(number for _label, _keys, number in self.rows)


@dataclass
class Asked:
    """What a page says before a decision; see `ask_first`."""

    sentences: Sequence
    number: int
    sample: Sequence = ()
    reasons: Sequence = ()


class InboxTab:
    """One kind of thing. `sees` and `decides` are permissions, `label` is its name."""

    name = ""
    label: Any = ""
    empty: Any = ""
    sees: tuple[str, ...] = ()
    decides = ""
    decisions: tuple[InboxDecision, ...] = ()

    def may_open(self, user):
        return any(map(user.has_perm, self.sees))

    def may_decide(self, user):
        return user.has_perm(self.decides)

    def hints(self, user, campaign=None):
        """Sentences above the rows, each with words and address of a link, or none."""
        return []

    @property
    def address(self):
        return reverse("inbox", args=[self.name])

    def count(self, user, campaign=None):
        return self.rows(user, campaign).order_by().count()

    def rows(self, user, campaign=None):
        """What waits, in turn: of one campaign, or of all in which they see it."""
        raise NotImplementedError

    def one(self, user, key):
        """The row with this key, whether or not it waits, in a list or queryset."""
        return []

    def said(self, user, rows):
        """An InboxRow for each of these rows."""
        raise NotImplementedError

    def seen(self, rows):
        """Pairs of a model's label and keys of these rows, for the audit trail."""
        return [(rows[0]._meta.label_lower, [row.pk for row in rows])] if rows else []

    def form(self, request, decision, keys, data):
        """The form of a decision, or None; `data` is None before it is sent."""
        return decision.form(data) if decision.form else None

    def ask(self, request, decision, keys, **page):
        """The page that asks first (`ask_first`), for what is asked for first."""
        raise NotImplementedError

    def decide(self, request, decision, keys, typed):
        """Carry it out on those of the keys on which they may; returns Done."""
        raise NotImplementedError

    def undo(self, request, token):
        """Take back what `Done.undo` names; returns Done. Nothing, unless a tab can."""
        return Done("", [])


def tabs_for(user):
    """The tabs that somebody may open, in the order of their apps."""
    with reach.anywhere(user):
        return [
            tab
            for config in apps.get_app_configs()
            for tab in getattr(config, "inbox", list)()
            if tab.may_open(user)
        ]


def numbers(keys):
    """Those of the texts that may be keys of rows, as numbers."""
    return [int(key) for key in keys if key.isdecimal() and len(key) < 19]


def tell(request, number, said):
    """Say what was done, or that somebody was faster."""
    if number:
        messages.success(request, said)
    else:
        messages.warning(request, _("Somebody has already decided on these."))


def ask_first(
    request,
    question,
    *,
    decision,
    template="admin/asks.html",
    opts=None,
    form=None,
    **page,
):
    """The page that says what a decision will do, and asks.

    `question` has `sentences`, the `number` of rows that change, `reasons`, pairs of
    why they wait and how many do, and a `sample` of them in short. The button posts
    the `hidden` pairs of the page to `action`; the way back is called `back_to`.
    """
    context = {
        **admin.site.frame(request, opts),
        "title": decision.title,
        "question": question,
        "decision": decision,
        "form": form,
        **page,
    }
    status = 422 if form is not None and form.is_bound else 200
    return TemplateResponse(request, template, context, status=status)
