"""The desk's page that says whether our emails arrive, and what keeps them from it."""

from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from database.statement_timeout import TookTooLong, seconds_of_the_database
from outbox.deliverability import by_domain, headers
from outbox.deliverability.header_words import said_of_headers
from outbox.deliverability.models import MOST_SELECTOR, DomainCheck, is_selector
from outbox.deliverability.words import Found, said
from outbox.models import ArrivedTest, IncomingMail, OutgoingMail, PausedDomain
from outbox.purposes import Lane
from staff import reach


class SelectorForm(forms.Form):
    """Where the mail service has put its key; nothing else of a look-up is typed."""

    selector = forms.CharField(
        label=_("Selector of DKIM (optional)"),
        max_length=MOST_SELECTOR,
        required=False,
        help_text=_(
            "Your mail service names it. It is often a short word, like “mail”."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_selector(self):
        selector = self.cleaned_data["selector"].lower()
        if selector and not is_selector(selector):
            raise forms.ValidationError(
                _("Enter the selector alone, with letters, digits and hyphens.")
            )
        return selector


class HeadersForm(forms.Form):
    """The headers of the test email, as a mail program shows them. Nothing is kept."""

    headers = forms.CharField(
        label=_("Headers of the email"),
        max_length=headers.MOST_PASTED,
        help_text=_(
            "In Gmail they stand under “Show original”, elsewhere under “Source” or "
            "“Headers”. Copy all of it."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "dir": "ltr"}),
    )

    def clean_headers(self):
        pasted = self.cleaned_data["headers"]
        try:
            self.results = headers.read(pasted)
        except headers.NoHeaders:
            raise forms.ValidationError(
                _("These are not the headers of an email that has arrived.")
            ) from None
        return pasted


INCOMING_DAYS = 30
# What came to us, by its kind, in words.
INCOMING = {
    "reply": _("Emails of people, forwarded to the contact address"),
    "answer": _("Answers of officials, which wait for a campaigner"),
    "report": _("Reports that an email arrived, came back or is called spam"),
    "automatic": _("Automatic answers, such as out of office: dropped"),
    "ours": _("Our own emails that came back to us: dropped"),
}
LABELS = (
    *(_("Emails"), _("Refused"), _("Given up"), _("Came back"), _("Marked as spam")),
    _("Confirmed"),
)


def _for_the_whole_site(view):
    """Let in staff who look after all emails; the page tells of all campaigns."""

    @wraps(view)
    def guarded(request):
        user = request.user
        may_act = user.has_perm("outbox.change_outgoingmail")
        if not may_act or not reach.works_for_the_site(user):
            raise PermissionDenied
        return view(request)

    return guarded


@require_safe
@_for_the_whole_site
def page(request):
    """What was found last. Nothing is looked up, so the page waits for nobody."""
    return _page(request)


@require_POST
@_for_the_whole_site
def check(request):
    """Ask the DNS about our domain now, which takes some seconds at most."""
    form = SelectorForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    DomainCheck.make(form.cleaned_data["selector"])
    messages.success(
        request, gettext("We have looked up the records of the domain just now.")
    )
    return redirect("deliverability")


@require_POST
@_for_the_whole_site
def test_mail(request):
    send_test_mail(request)
    return redirect("deliverability")


def send_test_mail(request):
    """Queue a test email to who asks, and say so on their next page."""
    email = request.user.email
    if not email:
        messages.error(request, gettext("Your account has no email address."))
        return
    OutgoingMail.objects.queue("test_mail", request.user.pk, email)
    if settings.INCOMING_MAIL_URL:
        to_us = ArrivedTest.address()
        OutgoingMail.objects.queue("test_mail", request.user.pk, to_us)
    said = gettext("A test email is on its way to %s. Look in the spam folder, too.")
    messages.success(request, said % email)


@require_POST
@_for_the_whole_site
def read_headers(request):
    """Say in words what was pasted; the selector in it is offered for a check."""
    form = HeadersForm(request.POST)
    if not form.is_valid():
        return _page(request, headers_form=form, status=422)
    selector = headers.selector_in(form.cleaned_data["headers"])
    offered = {}
    if is_selector(selector):
        offered["form"] = SelectorForm(initial={"selector": selector})
    results = _said_of(form.results)
    return _page(request, headers_form=form, results=results, **offered)


@require_safe
@_for_the_whole_site
def domains(request):
    """How the emails of the last days ended, by domain, and one of these by day."""
    domain = request.GET.get("domain", "").replace("\0", "")
    context = {
        **admin.site.frame(request),
        "title": gettext("Emails by domain"),
        "domain": domain,
        "labels": LABELS,
        "lately": gettext("Failed, last 7 days"),
        "before": gettext("Failed, before"),
    }
    try:
        with seconds_of_the_database():
            found = by_domain.by_domain()
            days = by_domain.by_day(domain) if domain else []
    except TookTooLong:
        context["took_too_long"] = True
    else:
        context |= {
            "rows": [(each, _labelled(each.ended)) for each in found],
            "together": found[0],
            "days": [(day, _labelled(numbers)) for day, *numbers in days],
            "paused": _named(PausedDomain.objects.holding(Lane.BULK)),
            "slowed": _named(PausedDomain.objects.filter(is_slow=True)),
        }
    return TemplateResponse(request, "admin/mails/domains.html", context)


def _named(domains):
    return set(domains.values_list("domain", flat=True))


def _said_of(results):
    return [(each, said_of_headers(each)) for each in results]


def _incoming():
    """Pairs of a kind in words and a number; None where no mail to us is taken."""
    counted = IncomingMail.objects.counted(INCOMING_DAYS)
    if not counted and not settings.INCOMING_MAIL_URL:
        return None
    return [(words, counted.get(kind, 0)) for kind, words in INCOMING.items()]


def _labelled(numbers):
    return list(zip(LABELS, numbers, strict=True))


def _page(request, status=200, **shown):
    last = DomainCheck.last()
    findings = [(each, said(each)) for each in last.findings] if last else []
    bad = (Found.MISSING, Found.WRONG)
    arrived = ArrivedTest.objects.first()
    context = {
        **admin.site.frame(request),
        "title": gettext("Do our emails arrive?"),
        "domain": settings.MAIL_DOMAIN,
        "last": last,
        "findings": findings,
        "to_mend": sum(words["state"] in bad for _finding, words in findings),
        "headers_form": HeadersForm(),
        "arrived": arrived,
        "results": _said_of(arrived.results) if arrived else None,
        "incoming": _incoming(),
        "form": SelectorForm(initial={"selector": last.selector if last else ""}),
        **shown,
    }
    template = "admin/mails/deliverability.html"
    return TemplateResponse(request, template, context, status=status)


urlpatterns = [
    path(route, admin.site.admin_view(view, about=""), name=name)
    for route, view, name in (
        ("", page, "deliverability"),
        ("check/", check, "deliverability-check"),
        ("test/", test_mail, "deliverability-test"),
        ("headers/", read_headers, "deliverability-headers"),
        ("domains/", domains, "deliverability-domains"),
    )
]
