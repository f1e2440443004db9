"""My page: all that is stored about one person, and what they can do with it."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
)

from campaigns.local_time import named
from database.personal_data import declared_of_supporters
from outbox.purposes import title_of
from pages.read_only import read_only
from pages.templatetags.punctuation import comma
from supporters.consent.models import Consent
from supporters.forms import LanguageForm
from supporters.my_page import browser, entering
from supporters.my_page.access import for_visitor
from supporters.my_page.section import Section
from supporters.my_page.visits import Visit
from supporters.personal_data.erasures import Erasure

# ISO 8601, as the models' export() writes moments.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d")


@dataclass(frozen=True)
class Shown:
    """A section with the rows that stand on the page."""

    section: Section
    page: Page

    @property
    def number(self):
        return self.page.paginator.count


@read_only
def page(request, key):
    """The page of a visit: the inbox until it is opened, then everything."""
    if visit := entering.waiting_visit(key):
        return entering.inbox(request, visit)
    return overview(request, key)


@for_visitor
def overview(request, visit):
    """The newest of each kind; a kind with many rows has a page of its own, too."""
    sections = [_shown(each, visit, 1) for each in _with_section()]
    language = visit.supporter.language_of_mails(visit.language)
    return _render(
        request,
        "page",
        visit,
        sections=[shown for shown in sections if shown.number],
        has_acts=any(s.number for s in sections if s.section.name != "emails"),
        done=request.GET.get("done", ""),
        stopped=[(p, title_of(p)) for p in visit.supporter.stopped_purposes()],
        language_form=LanguageForm(initial={"language": language}),
    )


@read_only
@for_visitor
def section(request, visit, name):
    """All of one kind, in pages."""
    found = [each for each in _with_section() if each.section.name == name]
    if not found:
        raise Http404
    shown = _shown(found[0], visit, request.GET.get("page"))
    return _render(request, "section", visit, shown=shown)


@read_only
@for_visitor
def export(request, visit):
    """Everything to read, print and keep, on one page."""
    stored = _readable(visit.supporter.export())
    clocks = named(timezone.get_default_timezone())
    return _render(request, "export", visit, export=stored, clocks=clocks)


@read_only
@for_visitor
def export_file(request, visit):
    """The same as a file for programs."""
    return JsonResponse(
        visit.supporter.export(),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@csrf_exempt  # guarded like every page of a visitor
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request, key):
    """Erase everything; a second press, or loading it again, says that it is done."""
    response = _erasure(request, key)
    if response.status_code == 410 and Erasure.objects.was_done_in(key):
        return _erased(request)
    return response


@for_visitor
def _erasure(request, visit):
    """What is deleted and what stays; asked twice."""
    if "sure" in request.POST:
        visit.supporter.erase(visit)
        return _erased(request)
    is_asked_again = request.method == "POST"
    return _render(
        request,
        "erasure",
        visit,
        is_asked_again=is_asked_again,
        days=settings.KEEP_ERASURES_DAYS,
    )


def _erased(request):
    response = render(
        request, "supporters/erased.html", {"days": settings.KEEP_ERASURES_DAYS}
    )
    response["Cache-Control"] = "no-store"
    browser.forget(response)
    return response


@require_POST
@for_visitor
def browsers(request, visit):
    """Forget all browsers, this one included; the next visit needs a mail."""
    visit.supporter.forget_browsers()
    Visit.objects.of_supporter(visit.supporter).delete()
    response = render(request, "supporters/forgotten.html")
    browser.forget(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor
def consent(request, visit, pk):
    """Withdraw a consent: first what follows from it, and then the button."""
    mine = Consent.objects.of_supporter(visit.supporter).for_my_page()
    given = get_object_or_404(mine, pk=pk)
    if request.method != "POST" and not given.withdrawn_at:
        return _render(request, "consent_withdrawal", visit, consent=given)
    given.withdraw()
    return back(visit, given.taking_back.done)


def back(visit, done):
    """Lead to the overview, which says what was done."""
    response = redirect("supporters:page", key=visit.key)
    response["Location"] += f"?done={done}"
    return response


def _readable(value):
    """The export with its moments as people write them, on the clocks of the site."""
    if isinstance(value, dict):
        return {name: _readable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = timezone.localtime(datetime.fromisoformat(value))
        parts = ("DATE_FORMAT", "TIME_FORMAT")
        return comma().join(date_format(moment, each) for each in parts)
    return value


def _with_section():
    shown = [each for each in declared_of_supporters() if each.section]
    return sorted(shown, key=lambda each: each.section.is_record)


def _shown(declaration, visit, number):
    rows = declaration.rows_of(visit.supporter).for_my_page()
    section = declaration.section
    page = Paginator(rows, settings.MY_PAGE_ROWS).get_page(number)
    if section.prepare:
        page.object_list = list(page.object_list)
        section.prepare(page.object_list)
    return Shown(section, page)


def _render(request, name, visit, **context):
    return render(request, f"supporters/{name}.html", {"visit": visit, **context})
