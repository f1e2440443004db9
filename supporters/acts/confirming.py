"""The pages between a form and its act: the inbox, the code, a new mail, the button.

Each app that has acts to confirm routes these under addresses of its own:

    confirming = Confirming(Signature, "petitions", _post_again)
    path("…/<str:token>/", confirming.inbox, name="inbox")

A path may also name the campaign, <campaign:slug>; then it must be the act's. An act
(acts/act.py) offers `campaign`, `inbox_url`, `done_url`, `confirm()` and
`mail_question_later()`. `post_again(request, act, email)` posts it with another
address, as its form would, and returns the new act; it may raise TooLate, NotAsTyped,
or a ValidationError about the address. The app brings the templates inbox.html,
confirmation.html, used.html and expired.html.
"""

from functools import wraps

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.models.address import slug_here
from campaigns.models.text import localize
from campaigns.not_found import refuse_offline
from campaigns.published import published_campaign
from outbox.mailed_keys import Gone
from outbox.models import OutgoingMail
from pages.errors import error_page
from pages.framed import framed
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.same_origin import public_form
from safeguards import limits
from supporters.acts import same_browser
from supporters.acts.act import NotAsTyped, TooLate, TooMany
from supporters.acts.confirmations import is_too_old
from supporters.acts.finding import by_mail_token, by_page_token
from supporters.forms import AddressForm, MailedCodeForm
from supporters.my_page import browser

# A mail that is on its way for a minute or two is not late.
LATE_SECONDS = 120


class Confirming:
    """The confirmation pages of one kind of act."""

    def __init__(self, model, app, post_again):
        self._model = model
        self._app = app
        self._post_again = post_again
        form = require_http_methods(["GET", "HEAD", "POST"])
        self.inbox = read_only(self._or_gone(self._inbox))
        self.embedded = framed(public_page(read_only(self._embedded)))
        self.code = public_form(form(self._or_gone(self._or_inbox(self._code))))
        self.mail = public_form(form(self._or_gone(self._or_inbox(self._mail))))
        self.confirmation = public_form(form(self._or_gone(self._confirmation)))

    def _inbox(self, request, token, slug=None):
        """Check your inbox: the address, a field for the code, the way to a new mail.

        The page is the same before and after confirming, so that whoever typed the
        address learns nothing of what its owner did. What a moderator rejected was
        never confirmed: the page says so, and gives back what was typed.
        """
        act = self._find(slug, by_page_token, token)
        if act.is_over:
            return self._closed(request, act)
        return self._inbox_page(request, act)

    def _embedded(self, request, slug):
        """The same after a form in another website's frame: it names nobody."""
        return self._inbox_page(request, None, campaign=_public(slug))

    def _or_inbox(self, view):
        """What the view answers to its form; a GET leads to the page of the inbox.

        After a wrong code, a tab has the form's address, and may be opened again.
        """

        @wraps(view)
        def answered(request, token, slug=None):
            if request.method == "POST":
                return view(request, token, slug)
            act = self._find(slug, by_page_token, token)
            return redirect(act.inbox_url)

        return answered

    def _code(self, request, token, slug=None):
        """Confirm by the six digits of the mail, in the tab that is still open."""
        act = self._find(slug, by_page_token, token)
        if act.is_over:
            return self._closed(request, act)
        form = MailedCodeForm(request.POST)
        if form.is_valid():
            if confirmed := act.for_code(form.cleaned_data["code"]):
                own_device = form.cleaned_data["own_device"]
                return self._confirm(request, confirmed, own_device)
            form.add_error("code", wrong_code(act.confirmation))
        return self._inbox_page(request, act, code_form=form, status=422)

    def _mail(self, request, token, slug=None):
        """Send the mail again; or post the act again, with another address.

        The address of this page may have been passed on. So it gives the cookie of the
        new act only to a browser that has that of the first.
        """
        act = self._find(slug, by_page_token, token)
        if act.is_over:
            return self._closed(request, act)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._inbox_page(request, act, address_form=form, status=422)
        # This is also done if it is held: the worker then mails nobody, and the page is
        # the same.
        if form.cleaned_data["email"] == act.confirmation.email:
            with transaction.atomic():
                act.confirmation.insist()
                act.mail_question_later(insists=True)
            response = redirect(act.inbox_url)
        else:
            is_sender = same_browser.has_sent(request, act)
            try:
                act = self._post_again(request, act, form.cleaned_data["email"])
            except ValidationError as refusal:
                form.add_error("email", refusal)
                return self._inbox_page(request, act, address_form=form, status=422)
            except NotAsTyped:
                return self._expired(request, act.campaign)
            except TooLate:
                return self._closed(request, act)
            to_inbox = same_browser.to_inbox(request, act)
            response = to_inbox if is_sender else redirect(act.inbox_url)
        response["Location"] += "?again=1"
        return response

    def _confirmation(self, request, token, slug=None):
        """The page of the link in the mail: one button, which does the act.

        In the browser that sent the form, a script presses it once the page is seen.
        Such a post is believed only with the cookie of that form. Where the mail asks
        whether this is another person, the page asks it too, and the reader presses.
        """
        act = self._find(slug, by_mail_token, token)
        if act.confirmation.used_at:
            return self._page(request, "used", act)
        if act.confirmation.has_expired:
            raise Gone(act.confirmation.created_at)
        if act.confirmation.denied_at:
            return redirect(act.confirmation.denial_url)
        if act.is_withheld:
            raise Gone
        if act.is_over:
            return self._closed(request, act)
        is_asked = "another" in request.GET
        by_itself = not is_asked and same_browser.has_sent(request, act)
        if request.method == "POST" and (by_itself or "by_itself" not in request.POST):
            return self._confirm(request, act, bool(request.POST.get("own_device")))
        by_itself = by_itself and request.method == "GET"
        return self._page(
            request, "confirmation", act, by_itself=by_itself, asks_if_another=is_asked
        )

    def _page(self, request, name, act, **more):
        return render(
            request,
            f"{self._app}/{name}.html",
            {
                "act": act,
                "campaign": act.campaign,
                "days": settings.KEEP_UNCONFIRMED_DAYS,
                **more,
            },
        )

    def _find(self, slug, find, token):
        try:
            act = find(self._model, token)
        except Gone:
            raise
        except ObjectDoesNotExist:
            raise Http404 from None
        _at(slug, act.confirmation)
        refuse_offline(act.confirmation.campaign)
        return act

    def _confirm(self, request, act, own_device):
        try:
            act.confirm()
        except TooLate:
            return self._closed(request, act)
        except TooMany:
            return error_page(
                request, 429, f"{self._app}/too_many.html", campaign=act.campaign
            )
        response = redirect(act.done_url)
        browser.remember(response, act.confirmation.supporter, own_device=own_device)
        same_browser.forget(request, response, act)
        return response

    def _inbox_page(
        self,
        request,
        act,
        *,
        campaign=None,
        code_form=None,
        address_form=None,
        status=200,
    ):
        if act and act.rejected_at:
            return self._rejected(request, act)
        address = act and act.confirmation.email
        return render(
            request,
            f"{self._app}/inbox.html",
            {
                "act": act,
                "campaign": campaign or act.campaign,
                "code_form": code_form or MailedCodeForm(),
                "address_form": address_form or AddressForm(initial={"email": address}),
                "form": code_form or address_form,
                "was_sent_again": request.GET.get("again") == "1",
                "days": settings.KEEP_UNCONFIRMED_DAYS,
                "mails_an_hour": limits.number("LIMIT_MAILS_TO_ADDRESS"),
                "minutes_behind": minutes_behind(),
            },
            status=status,
        )

    def _rejected(self, request, act):
        days = settings.KEEP_WITHDRAWN_DAYS
        page, campaign = "supporters/rejected.html", act.confirmation.campaign
        return error_page(
            request, 410, page, campaign=campaign, days=days, typed=act.typed
        )

    def _closed(self, request, act):
        closed = f"{self._app}/closed.html"
        return error_page(
            request, 410, closed, campaign=act.campaign, act=act, typed=act.typed
        )

    def _or_gone(self, view):
        """The view's answer; or a page that says that the act is gone, and maybe why.

        It is the same whether the act was deleted or something else became of it.
        """

        @wraps(view)
        def answered(request, token, slug=None):
            try:
                return view(request, token, slug)
            except Gone as gone:
                campaign = _public(slug)
                if gone.made_at and is_too_old(gone.made_at):
                    days = settings.KEEP_UNCONFIRMED_DAYS
                    return self._expired(request, campaign, days)
                gone_page = "supporters/gone.html"
                return error_page(request, 410, gone_page, campaign=campaign)

        return answered

    def _expired(self, request, campaign, days=0):
        """Say that the question is over, and how to begin anew.

        `days` is how old it is at least, if it is so old that it was deleted.
        """
        expired = f"{self._app}/expired.html"
        return error_page(request, 410, expired, campaign=campaign, days=days)


def _at(slug, confirmation):
    """The campaign of the question, if this is its address.

    Acts whose addresses name no campaign are looked up without a slug.
    """
    campaign = confirmation.campaign
    if slug is not None and (campaign is None or campaign.slug != slug_here(slug)):
        raise Http404
    localize([campaign])
    return campaign


def _public(slug):
    """The public campaign of an address, or None for an address that names none."""
    if slug is None:
        return None
    return published_campaign(slug)


def minutes_behind():
    """How many minutes late mails are that somebody waits for; 0 if hardly late."""
    late = OutgoingMail.objects.seconds_behind()
    return int(late // 60) if late >= LATE_SECONDS else 0


def wrong_code(asked):
    """Why a code is not taken; `asked` is a question, or a visit."""
    if asked.tries_left:
        return _("This is not the code from the newest email. Check the email again.")
    return _(
        "You have tried too many codes. Use the button in the email, or send the "
        "email again to get a new code."
    )
