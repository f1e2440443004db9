"""The pages between a form and its act: the inbox, the code, a new mail, the button.

Each app that has acts to confirm routes these under addresses of its own:

    confirming = Confirming(Signature, "petitions")
    path("…/<str:token>/", confirming.inbox, name="inbox")

A path may name the campaign as well, <slug:slug>; then it has to be the act's.
An act offers `confirmation`, `campaign`, `inbox_url`, `done_url`, `is_held`,
`move_to_address(email, held_for)` and `confirm()`, and its queryset `for_page_token()`
and `for_mail_token()`. One whose `confirm()` raises TooLate offers `typed`, what to
give back then, as (label, value). The app brings the templates inbox.html,
confirmation.html and expired.html.
"""

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from outbox.models import OutgoingMail
from pages.errors import error_page
from pages.same_origin import public_form
from supporters.acts.confirmations import AddressChanged
from supporters.acts.holding import reason_to_hold
from supporters.forms import AddressForm, MailedCodeForm
from supporters.my_page import browser

# A mail that is on its way for a minute or two is no news.
LATE_SECONDS = 120


class TooLate(Exception):
    """The act can no longer be done; its app's closed.html says why."""


class TooMany(Exception):
    """Its owner has done this often enough for now; its app's too_many.html says so."""


class Confirming:
    """The confirmation pages of one kind of act."""

    def __init__(self, model, app):
        self._acts = model.objects
        self._app = app
        self.inbox = require_http_methods(["GET", "HEAD"])(self._inbox)
        self.code = public_form(require_POST(self._code))
        self.mail = public_form(require_POST(self._mail))
        self.confirmation = public_form(
            require_http_methods(["GET", "HEAD", "POST"])(self._confirmation)
        )

    def _inbox(self, request, token, slug=None):
        """Check your inbox: the address, a field for the code, the way to a new mail.

        The same before and after the confirmation: whoever typed the address learns
        nothing here of what its owner did.
        """
        act = self._find(slug, self._acts.for_page_token, token)
        if act.confirmation.has_expired:
            return self._expired(request, act)
        return self._inbox_page(request, act)

    def _code(self, request, token, slug=None):
        """Confirm by the six digits of the mail, in the tab that is still open."""
        act = self._find(slug, self._acts.for_page_token, token)
        if act.confirmation.has_expired:
            return self._expired(request, act)
        form = MailedCodeForm(request.POST)
        if form.is_valid():
            if act.confirmation.takes(form.cleaned_data["code"]):
                return self._confirm(request, act, form.cleaned_data["own_device"])
            form.add_error("code", _wrong_code(act.confirmation))
        return self._inbox_page(request, act, code_form=form, status=422)

    def _mail(self, request, token, slug=None):
        """Send the mail again, to the same address or to another one."""
        act = self._find(slug, self._acts.for_page_token, token)
        if act.confirmation.has_expired:
            return self._expired(request, act)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._inbox_page(request, act, address_form=form, status=422)
        # Also when it is held: then the worker mails nobody, and the page is the same.
        email = form.cleaned_data["email"]
        act.move_to_address(email, self._reason_to_hold(request, act, email))
        return redirect(f"{act.inbox_url}?again=1")

    def _reason_to_hold(self, request, act, email):
        """Another address is looked at like one that came with the form."""
        if email == act.confirmation.email:
            return ""
        return reason_to_hold(request, act.confirmation.kind, email=email)

    def _confirmation(self, request, token, slug=None):
        """The page behind the link in the mail: one button, which does the act."""
        try:
            act = self._find(slug, self._acts.for_mail_token, token)
        except AddressChanged as changed:
            return _address_changed(request, _at(slug, changed.confirmation))
        if act.confirmation.used_at or act.confirmation.has_expired:
            # Whoever has the mail's link is the owner: it leads on to what is theirs.
            return self._expired(request, act, leads_to=act.done_url)
        if request.method == "POST":
            return self._confirm(request, act, bool(request.POST.get("own_device")))
        return render(
            request,
            f"{self._app}/confirmation.html",
            {
                "act": act,
                "campaign": act.campaign,
                "days": settings.KEEP_UNCONFIRMED_DAYS,
            },
        )

    def _find(self, slug, find, token):
        try:
            act = find(token)
        except ObjectDoesNotExist:
            raise Http404 from None
        _at(slug, act.confirmation)
        return act

    def _confirm(self, request, act, own_device):
        try:
            act.confirm()
        except AddressChanged:
            return _address_changed(request, act.campaign)
        except TooLate:
            closed = f"{self._app}/closed.html"
            return error_page(
                request, 410, closed, campaign=act.campaign, typed=act.typed
            )
        except TooMany:
            return error_page(
                request, 429, f"{self._app}/too_many.html", campaign=act.campaign
            )
        response = redirect(act.done_url)
        browser.remember(response, act.confirmation.supporter, own_device=own_device)
        return response

    def _inbox_page(
        self, request, act, *, code_form=None, address_form=None, status=200
    ):
        address = act.confirmation.email
        return render(
            request,
            f"{self._app}/inbox.html",
            {
                "act": act,
                "campaign": act.campaign,
                "code_form": code_form or MailedCodeForm(),
                "address_form": address_form or AddressForm(initial={"email": address}),
                "form": code_form or address_form,
                "was_sent_again": request.GET.get("again") == "1",
                "days": settings.KEEP_UNCONFIRMED_DAYS,
                "mails_an_hour": settings.LIMIT_MAILS_TO_ADDRESS,
                "minutes_behind": minutes_behind(),
            },
            status=status,
        )

    def _expired(self, request, act, *, leads_to=""):
        return error_page(
            request,
            410,
            f"{self._app}/expired.html",
            campaign=act.campaign,
            act=act,
            is_used=act.confirmation.used_at is not None,
            leads_to=leads_to,
        )


def _at(slug, confirmation):
    """The campaign that was asked about, if this is an address in its language.

    Acts whose addresses name no campaign are looked up without a slug.
    """
    campaign, language = confirmation.campaign, confirmation.language
    if slug is not None:
        found = (campaign.slug, campaign.language) if campaign else None
        if found != (slug, get_language()):
            raise Http404
    elif language != get_language():
        raise Http404
    return campaign


def _address_changed(request, campaign):
    return error_page(
        request, 410, "supporters/address_changed.html", campaign=campaign
    )


def minutes_behind():
    """How late the mails that somebody waits for are, in minutes; 0 while nobody would
    notice."""
    late = OutgoingMail.objects.seconds_behind()
    return int(late // 60) if late >= LATE_SECONDS else 0


def _wrong_code(confirmation):
    if confirmation.tries_left:
        return _("This is not the code of the newest mail. Look again.")
    return _(
        "This was tried too often. Use the button in the mail, or send it again to "
        "get a new code."
    )
