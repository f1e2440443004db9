"""Writes down what staff do with personal data.

Each page of the admin says which model it is about where it is put into the URLs
(staff/site.py); a page that does not say it stops the start. Its view says in
`request.audit` what it has shown or done, and Django's own pages say it in the hooks of
their admin (`Audited`). A page about several models calls `note`. Every model counts as
personal, so that a new one cannot be forgotten, unless its admin says
`is_audited = False`.
"""

import re
from functools import wraps

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect

from staff.audit.models import AuditEntry

Kind = AuditEntry.Kind
# Anything else in a form is text, and may say something about somebody.
KEY = re.compile(r"[0-9a-f-]{1,36}")
WORD = re.compile(r"[\w-]{1,60}")


def is_audited(about):
    """Whether it is written down when staff look at the model with this label."""
    model_admin = admin.site._registry.get(apps.get_model(about))
    return getattr(model_admin, "is_audited", True)


def note(request, kind, about, keys, *, action="", count=None):
    """Write down what the signed-in member of staff saw or did.

    `about` is the label of a model and `keys` are its rows. Nothing is written for a
    model that is not audited. `count` is how many rows there are, where `keys` does not
    name them all.
    """
    if is_audited(about):
        count = len(keys) if count is None else count
        AuditEntry.objects.note(
            request.user, kind, about, keys, count, action=action, page=request.path
        )


class Audit:
    """What one page of the admin shows or does, written down when it has answered.

    A page whose view says nothing has shown the rows that its address or a list's form
    names. One that was posted and redirects has done with them what its button says.
    """

    def __init__(self, request, about, keyed, *, exports=False):
        self._request, self._about, self._keyed = request, about, keyed
        self._page = page_word(request.resolver_match.url_name or "", keyed)
        button = request.POST.get("action") or request.POST.get("decision")
        asked = button or self._page
        self._asked = asked if WORD.fullmatch(asked) else ""
        self._keys, self._count = _chosen(request)
        self._kind = Kind.EXPORTED if exports else None
        self._shows, self._does = Kind.LISTED, Kind.ACTION
        self._word_of_row = None

    def is_of_row(self, *, is_new=False):
        """The page shows a row, or nothing of a new one, and changes it when posted."""
        self._shows = None if is_new else Kind.READ
        self._does, self._word_of_row = Kind.CHANGED, self._page

    def showed(self, rows):
        """It has shown these rows."""
        self._keys = [str(row.pk) for row in rows]
        self._count = len(self._keys)

    def done(self, row=None, *, number=None):
        """It has done what its button says, whatever the answer is now.

        `row` is the one that is new, and `number` how many rows were changed.
        """
        self._kind = self._does
        if row is not None:
            self.showed([row])
        if number is not None:
            self._count = number

    def exported(self):
        self._kind = Kind.EXPORTED

    def erased(self):
        self._kind, self._word_of_row = Kind.ERASED, None

    def undone(self):
        """What was asked for was refused, and nothing is done after all."""
        self._kind, self._does = None, Kind.REFUSED

    def write(self, answer):
        """Write it down, once the page has answered, unless it is about nobody."""
        kind = self._kind
        if not kind and not isinstance(answer, HttpResponseRedirect):
            kind = self._shows
        elif not kind and self._request.method == "POST":
            kind = self._does
        if kind and self._about and is_audited(self._about):
            self._note(kind, self._about, self._word(kind))

    def refused(self):
        """Note what somebody sent or would have downloaded, and may not.

        This is so also of models that are not audited: somebody tried their rights.
        """
        if self._request.method == "POST" or self._kind:
            self._note(Kind.REFUSED, self._keyed, self._asked)

    def _word(self, kind):
        word = self._word_of_row or self._asked
        is_plain = (kind, word) in ((Kind.READ, "change"), (Kind.LISTED, "changelist"))
        return "" if is_plain else word

    def _note(self, kind, about, word):
        AuditEntry.objects.note(
            self._request.user,
            kind,
            about,
            self._keys,
            self._count,
            action=word,
            page=self._request.path,
        )


def audited(view, about, keyed, *, exports=False):
    """The view, with what it shows and does written down.

    `keyed` is the label of the model whose key stands in the address.
    """

    @wraps(view)
    def followed(request, *args, **kwargs):
        request.audit = Audit(request, about, keyed, exports=exports)
        try:
            answer = view(request, *args, **kwargs)
        except PermissionDenied:
            request.audit.refused()
            raise
        request.audit.write(answer)
        return answer

    return followed


class Audited(admin.ModelAdmin):
    """Says by Django's own hooks what the pages of an admin show and do."""

    def add_view(self, request, *args, **kwargs):
        request.audit.is_of_row(is_new=True)
        return super().add_view(request, *args, **kwargs)

    def change_view(self, request, *args, **kwargs):
        request.audit.is_of_row()
        return super().change_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        request.audit.is_of_row()
        return super().delete_view(request, *args, **kwargs)

    def history_view(self, request, *args, **kwargs):
        request.audit.is_of_row()
        return super().history_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        answer = super().changelist_view(request, *args, **kwargs)
        if found := getattr(answer, "context_data", {}).get("cl"):
            request.audit.showed(found.result_list)
        return answer

    def log_addition(self, request, obj, message):
        request.audit.done(obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        request.audit.done()
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        request.audit.erased()
        return super().log_deletions(request, queryset)


def page_word(name, label):
    """Which of the pages of a model this is, in one word."""
    app, _dot, model = (label or "").partition(".")
    for start in (f"{app}_{model}_", f"{app}_"):
        if name.startswith(start):
            return name.removeprefix(start)
    return name


def _chosen(request):
    """The keys in the address and those that a list's form chose, and their number.

    None is the number of all that a list has found.
    """
    keys = [str(value) for value in request.resolver_match.kwargs.values()]
    keys += request.POST.getlist(ACTION_CHECKBOX_NAME)
    keys = [key for key in keys if KEY.fullmatch(key)]
    is_all = request.POST.get("select_across") == "1"
    is_list = request.method != "POST" and not keys
    return keys, None if is_all or is_list else len(keys)
