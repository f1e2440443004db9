"""Pages of the admin that show every mail of the site as its reader gets it."""

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from outbox import samples


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    names = samples.names()
    return _page(request, "samples.html", _("What our emails say"), mails=names)


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its headers, its text, and its HTML in a frame of its own."""
    message = _message(request, name)
    return _page(
        request,
        "sample.html",
        message.subject,
        name=name,
        kind=samples.names()[name],
        text=message.body,
        headers=message.extra_headers,
        language=_language(request),
        languages=settings.LANGUAGES,
    )


@xframe_options_sameorigin
@csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "frame-ancestors": [CSP.SELF],
    }
)
@require_safe
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for a sandboxed frame: mails carry their own styles."""
    return HttpResponse(_message(request, name).alternatives[0].content)


def _message(request, name):
    if name not in samples.names():
        raise Http404
    return samples.write(name, _language(request))


def _language(request):
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _page(request, template, title, **context):
    context |= admin.site.frame(request) | {"title": title}
    return render(request, f"admin/mails/{template}", context)


urlpatterns = [
    # The site's own admin (campaign_site/admin.py) takes `about`.
    path(route, admin.site.admin_view(view, about=""), name=name)  # type: ignore[call-arg]
    for route, view, name in (
        ("", mails, "mail-samples"),
        ("<slug:name>/", mail, "mail-sample"),
        ("<slug:name>/html/", html, "mail-sample-html"),
    )
]
