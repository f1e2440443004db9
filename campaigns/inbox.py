"""The inbox: what waits for a decision of a person, with a tab for each kind.

Opening it changes nothing; its buttons post. The tabs are those of the apps
(staff/inbox.py).
"""

import re

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.one_campaign import campaign_of, page_in
from staff.audit import trail
from staff.audit.models import AuditEntry
from staff.inbox import tabs_for, tell

ROWS_A_PAGE = 50
_KEY = re.compile(r"[0-9]{1,18}")


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request, kind=None):
    """The rows of one tab; without a kind, of the first in which something waits."""
    tabs = tabs_for(request.user)
    if not tabs:
        raise PermissionDenied
    campaign = campaign_of(request)
    numbers = {tab: tab.count(request.user, campaign) for tab in tabs}
    if kind is None:
        first = next(filter(numbers.get, tabs), tabs[0])
        return redirect(page_in(campaign, first.address))
    tab = next((tab for tab in tabs if tab.name == kind), None)
    if tab is None:
        raise PermissionDenied
    if request.method == "POST":
        return _decide(request, tab, campaign)
    rows = _rows(request, tab, campaign)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p"))
    found = list(page.object_list)
    page.object_list = tab.said(request.user, found)
    for label, keys in tab.seen(found):
        trail.note(request, AuditEntry.Kind.LISTED, label, keys, action="inbox")
    context = {
        **admin.site.frame(request),
        "title": _("Inbox"),
        "tab": tab,
        "campaign": campaign,
        "here": page_in(campaign, tab.address),
        "tabs": [
            (each, number, page_in(campaign, each.address))
            for each, number in numbers.items()
            if number or each is tab
        ],
        "hints": tab.hints(request.user, campaign),
        "page": page,
        "undo": request.GET.get("undo", ""),
        "may_decide": tab.may_decide(request.user),
    }
    return TemplateResponse(request, "admin/inbox.html", context)


def _rows(request, tab, campaign):
    """What waits, or the one row that the address names."""
    if "row" not in request.GET:
        return tab.rows(request.user, campaign)
    key = request.GET["row"]
    found = list(tab.one(request.user, key)) if _KEY.fullmatch(key) else []
    if not found:
        raise Http404
    return found


def _decide(request, tab, campaign):
    """Carry out what a button says, and lead to what waits next."""
    if not tab.may_decide(request.user):
        raise PermissionDenied
    here = page_in(campaign, tab.address)
    name, _colon, key = request.POST.get("decision", "").partition(":")
    keys = [key] if key else request.POST.getlist("row")[:ROWS_A_PAGE]
    decision = next((each for each in tab.decisions if each.name == name), None)
    if name == "undo":
        done = tab.undo(request, request.POST.get("last", ""))
    elif decision and keys:
        is_sure = "sure" in request.POST
        form = tab.form(request, decision, keys, request.POST if is_sure else None)
        if decision.is_asked_first and not (is_sure and (not form or form.is_valid())):
            hidden = [("decision", name), ("sure", "1")]
            hidden += [("row", each) for each in keys]
            page = {"action": here, "back_to": tab.label, "hidden": hidden}
            return tab.ask(request, decision, keys, form=form, **page)
        done = tab.decide(request, name, keys, form.cleaned_data if form else {})
    else:
        said = _("Nothing has changed. Select some, and press one of the buttons.")
        messages.error(request, said)
        return redirect(here)
    for label, rows, number in done.rows:
        kind = AuditEntry.Kind.ACTION
        trail.note(request, kind, label, rows, action=name, count=number)
    tell(request, done.number, done.said)
    if done.undo and name != "undo":
        here += f"{'&' if '?' in here else '?'}{urlencode({'undo': done.undo})}"
    return redirect(here)


_view = admin.site.admin_view(inbox, about="")
urlpatterns = [
    path("", _view, name="inbox"),
    path("<slug:kind>/", _view, name="inbox"),
]
