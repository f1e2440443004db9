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

from outbox.deliverability.models import MOST_SELECTOR, DomainCheck, is_selector
from outbox.deliverability.words import Found, said
from outbox.models import OutgoingMail
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
    messages.success(request, gettext("This is what the DNS says now."))
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
    said = gettext("A test email is on its way to %s. Look in the spam folder, too.")
    messages.success(request, said % email)


def _page(request, status=200, **shown):
    last = DomainCheck.last()
    findings = [(each, said(each)) for each in last.findings] if last else []
    bad = (Found.MISSING, Found.WRONG)
    context = {
        **admin.site.frame(request),
        "title": gettext("Whether our emails arrive"),
        "domain": settings.MAIL_DOMAIN,
        "last": last,
        "findings": findings,
        "to_mend": sum(words["state"] in bad for _finding, words in findings),
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
    )
]
