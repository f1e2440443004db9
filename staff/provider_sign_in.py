"""Signing in by the group's own OpenID provider, if STAFF_SIGN_IN names one.

It says whose mailbox somebody has, and opens the one account with that address. It
makes and changes none, and a second factor here is asked for afterwards.
"""

import logging
from functools import wraps

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from staff.accounts.models import User
from staff.open_id import Attempt, NotConfirmed, ProviderAway

logger = logging.getLogger(__name__)
# The session key of what is asked there now.
ASKED = "staff_provider_asked"


def may_lead_to_provider(view):
    """Let the form of a page lead to the provider, which browsers refuse otherwise."""

    @wraps(view)
    def leading(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if provider := settings.STAFF_SIGN_IN:
            allowed = {"form-action": [CSP.SELF, provider.origin]}
            response._csp_config = settings.SECURE_CSP | allowed
        return response

    return leading


def if_there_is_one(view):
    """Answer 404 without a provider, and lead on who is signed in."""

    @wraps(view)
    def checked(request):
        if not settings.STAFF_SIGN_IN:
            raise Http404
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        return view(request)

    return checked


@require_POST
@if_there_is_one
def start(request):
    """Lead to the provider, which asks who it is."""
    attempt = Attempt.new()
    try:
        place = settings.STAFF_SIGN_IN.address_to_ask(attempt, _return_to())
    except ProviderAway as fault:
        return _is_away(request, fault)
    request.session[ASKED] = vars(attempt) | {"next": get_next_redirect_url(request)}
    return redirect(place)


@require_GET
@if_there_is_one
def come_back(request):
    """Sign in whoever comes back from the provider.

    OpenID Connect has it a GET that changes something: it works once, for the browser
    that has asked.
    """
    asked = request.session.pop(ASKED, {})
    next_page = asked.pop("next", None)
    given = request.GET.get("state", "")
    if not asked or not constant_time_compare(given, asked["state"]):
        return _refuse(request, "nobody has asked for this answer")
    code = request.GET.get("code", "")
    if not code:
        return _refuse(request, "the provider gives no code")
    try:
        email = settings.STAFF_SIGN_IN.verified_email(
            Attempt(**asked), code, _return_to()
        )
    except ProviderAway as fault:
        return _is_away(request, fault)
    except NotConfirmed as fault:
        return _refuse(request, fault)
    found = User.objects.filter(email=email, is_active=True, is_staff=True)[:2]
    if len(found) != 1:
        return _refuse(request, f"{len(found)} accounts have this address")
    [user] = found
    record_authentication(request, user, method="provider")
    return perform_login(request, Login(user=user, redirect_url=next_page))


def _return_to():
    return f"{settings.SITE_URL}{reverse('account_provider_return')}"


def _is_away(request, fault):
    logger.warning("the provider of STAFF_SIGN_IN cannot be asked: %s", fault)
    messages.error(
        request,
        _("%(provider)s does not answer properly. Try again soon, or use a password.")
        % {"provider": settings.STAFF_SIGN_IN.host},
    )
    return redirect("account_login")


def _refuse(request, fault):
    logger.info("nobody is signed in by the provider: %s", fault)
    messages.error(
        request,
        _(
            "%(provider)s did not confirm an address of an account here. Try again. If "
            "it does not help, ask an administrator."
        )
        % {"provider": settings.STAFF_SIGN_IN.host},
    )
    return redirect("account_login")
