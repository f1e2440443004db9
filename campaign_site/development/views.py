"""Development only: the mails that bin/dev's sink received, to read in the browser."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

NEWEST = 200


@dataclass(frozen=True)
class ReceivedMail:
    name: str
    message: EmailMessage

    @classmethod
    def read(cls, file):
        parsed = message_from_bytes(file.read_bytes(), policy=policy.default)
        return cls(file.name, parsed)

    @property
    def headers(self):
        return self.message.items()

    @property
    def text(self):
        return self._body("plain")

    @property
    def html(self):
        return self._body("html")

    def _body(self, kind):
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


@require_safe
def mails(request):
    files = sorted(Path(settings.MAIL_SINK_DIR).glob("*.eml"), reverse=True)
    received = [ReceivedMail.read(file) for file in files[:NEWEST]]
    return render(request, "development/mails.html", {"mails": received})


@require_safe
def mail(request, name):
    return render(request, "development/mail.html", {"mail": _mail(name)})


@xframe_options_sameorigin
@csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "frame-ancestors": [CSP.SELF],
    }
)
@require_safe
def html(request, name):
    """The HTML of a mail, as a mail program shows it, for a sandboxed frame."""
    return HttpResponse(_mail(name).html)


def _mail(name):
    file = Path(settings.MAIL_SINK_DIR) / Path(name).name
    if file.suffix != ".eml" or not file.is_file():
        raise Http404
    return ReceivedMail.read(file)


urlpatterns = [
    path("development/mail/", mails, name="development-mails"),
    path("development/mail/<str:name>/", mail, name="development-mail"),
    path("development/mail/<str:name>/html/", html, name="development-mail-html"),
]
