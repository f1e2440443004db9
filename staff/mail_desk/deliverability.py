"""The desk's page that says whether our emails arrive, and what keeps them from it."""

from functools import wraps

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from outbox.mail_numbers import ended_by_domain
from outbox.models import OutgoingMail
from staff import reach


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


@require_http_methods(["GET", "HEAD", "POST"])
@_for_the_whole_site
def page(request):
    """How emails have ended. Only its button asks the DNS, which may take seconds."""
    findings = None
    if request.method == "POST":
        # What asks the DNS takes 3 MB of each process, and hardly one shows this page.
        from outbox.deliverability.checks import check

        findings = check()
    context = {
        **admin.site.frame(request),
        "title": gettext("Do our emails arrive?"),
        "domain": settings.MAIL_DOMAIN,
        "findings": findings,
        "to_mend": sum(each.is_to_mend for each in findings or ()),
        "ended": ended_by_domain(),
    }
    return TemplateResponse(request, "admin/mails/deliverability.html", context)


@require_POST
@_for_the_whole_site
def test_mail(request):
    """Queue a test email to who asks."""
    if email := request.user.email:
        OutgoingMail.objects.queue("test_mail", request.user.pk, email)
        said = gettext(
            "A test email is on its way to %s. Look in the spam folder, too."
        )
        messages.success(request, said % email)
    else:
        messages.error(request, gettext("Your account has no email address."))
    return redirect("deliverability")


urlpatterns = [
    path(route, admin.site.admin_view(view, about=""), name=name)
    for route, view, name in (
        ("", page, "deliverability"),
        ("test/", test_mail, "deliverability-test"),
    )
]
