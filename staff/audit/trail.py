"""Writes down what staff do with personal data.

Each page of the admin says which model it is about where it is put into the URLs
(staff/site.py); a page that does not say it stops the start. What a list, form or
action of such a page showed or did is read from its answer (`write_down`). Every other
page that shows something about somebody calls `note`. Every model counts as personal,
so that a new one cannot be forgotten, unless its admin says `is_audited = False`.
"""

import re

from django.apps import apps
from django.contrib import admin
from django.db.models import Model

from staff.audit.models import AuditEntry

# What somebody may not do is looking at most pages, but taking data along on these.
DOWNLOADS = ("csv", "download", "po-file", "scan")
ROW_PAGES = ("change", "history", "delete")
ERASES = re.compile(r"(erase|delete|remove|redact)")
# Anything else in a form is text, and may say something about somebody.
KEY = re.compile(r"[0-9a-f-]{1,36}")
WORD = re.compile(r"[\w-]{1,60}")
EDITED_ROW = re.compile(r"form-\d+-(id|pk)")


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


def write_down(request, response):
    """Note what this answer of the admin showed or changed, if that is personal."""
    about = getattr(request, "is_about", "")
    if response.status_code == 403:
        _write_refused(request)
    if not (about and is_audited(about) and _shows_rows(response)):
        return
    if not request.user.is_authenticated:
        return
    page = _page(request.resolver_match.url_name or "", about)
    if request.method == "POST":
        found = _sent(request, response, page)
    else:
        found = _shown(request, response, page)
    if found is None:
        return
    kind, action, keys, count = found
    AuditEntry.objects.note(
        request.user, kind, about, keys, count, action=action, page=request.path
    )


def _write_refused(request):
    """Note what somebody sent or would have downloaded, and may not.

    This is so also of models that are not audited: somebody tried their rights.
    """
    about = getattr(request, "is_keyed", None)
    if about is None or not request.user.is_authenticated:
        return  # no page was asked for that staff may open
    page = _page(request.resolver_match.url_name or "", about)
    if request.method == "POST" or page in DOWNLOADS:
        note_refused(request, about, _asked(request, page), *_chosen(request))


def note_refused(request, about, action, keys, count):
    """Write down an act that a page refuses in words, and not by its status."""
    kind = AuditEntry.Kind.REFUSED
    AuditEntry.objects.note(
        request.user, kind, about, keys, count, action=action, page=request.path
    )


def _asked(request, page):
    """The button or the action of a list that was sent, or else the page."""
    return _word(request.POST.get("action") or request.POST.get("decision") or page)


def _shows_rows(response):
    # 409 and 422 are forms that come back, with the row beside them.
    return response.status_code < 400 or response.status_code in (409, 422)


def _page(name, about):
    """Which of the pages about a model this is, in one word."""
    app, _dot, model = about.partition(".")
    for start in (f"{app}_{model}_", f"{app}_"):
        if name.startswith(start):
            return name.removeprefix(start)
    return name


def _sent(request, response, page):
    """Kind, action, keys and number of the rows that were sent.

    None when a new row was not stored yet, since the form shows none. An answer to it
    that is no form, such as the page of a new key, says that it was stored.
    """
    keys, count = _chosen(request)
    context = (page == "add" and getattr(response, "context_data", None)) or {}
    if {"adminform", "form"} & context.keys():
        return None
    action = _asked(request, page)
    if "attachment" in response.get("Content-Disposition", ""):
        return AuditEntry.Kind.EXPORTED, action, keys, count
    if response.status_code // 100 != 3 and not context:  # "are you sure?"
        kind = AuditEntry.Kind.READ if page in ROW_PAGES else AuditEntry.Kind.LISTED
        return kind, "" if page == "change" else action, keys, count
    if page == "delete" or ERASES.match(action):
        return AuditEntry.Kind.ERASED, action, keys, count
    if page in ("add", "change"):
        return AuditEntry.Kind.CHANGED, page, keys, count
    return AuditEntry.Kind.ACTION, action, keys, count


def _shown(request, response, page):
    """The same for rows that were shown; None when the page shows no row."""
    if page == "add" or response.status_code // 100 == 3:
        return None
    if "attachment" in response.get("Content-Disposition", ""):
        keys = _keys_of_address(request)
        return AuditEntry.Kind.EXPORTED, page, keys, len(keys) or None
    if page in ROW_PAGES:
        return AuditEntry.Kind.READ, "" if page == "change" else page, *_chosen(request)
    rows = _rows_shown(request, response)
    keys = [row.pk if isinstance(row, Model) else row for row in rows]
    if not keys:
        keys = _keys_of_address(request)
    action = "" if page == "changelist" else page
    is_list = page == "changelist"
    return AuditEntry.Kind.LISTED, action, keys, len(keys) if keys or is_list else None


def _rows_shown(request, response):
    """The rows of a changelist; other lists name theirs in request.rows_shown."""
    context = getattr(response, "context_data", None) or {}
    if "cl" in context:
        return list(context["cl"].result_list)
    return getattr(request, "rows_shown", [])


def _chosen(request):
    """The keys of the rows that a form was about, and their number.

    No keys mean all rows that were found. A page that knows how many rows it changed
    says so in request.rows_changed.
    """
    keys = _keys_of_address(request)
    keys += request.POST.getlist("_selected_action")
    keys += [
        value for name, value in request.POST.items() if EDITED_ROW.fullmatch(name)
    ]
    keys = [key for key in keys if KEY.fullmatch(key)]
    is_all = request.POST.get("select_across") == "1"
    number = None if is_all else len(keys)
    return keys, getattr(request, "rows_changed", number)


def _keys_of_address(request):
    found = (str(value) for value in request.resolver_match.kwargs.values())
    return [key for key in found if KEY.fullmatch(key)]


def _word(action):
    return action if WORD.fullmatch(action) else ""
