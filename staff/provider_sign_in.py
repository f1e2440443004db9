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
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from staff.accounts.models import User
from staff.open_id import NotConfirmed

logger = logging.getLogger(__name__)
# The session key of where somebody was going.
NEXT = "staff_provider_next"


def may_lead_to_provider(view):
    """Let the form of a page lead to the provider, which browsers refuse otherwise."""

    @wraps(view)
    def leading(request, *args, **kwargs):
        policy = settings.SECURE_CSP
        if provider := settings.STAFF_SIGN_IN:
            policy = policy | {"form-action": [CSP.SELF, provider.origin]}
        return csp_override(policy)(view)(request, *args, **kwargs)

    return leading


def if_there_is_one(view):
    """Answer 404 without a provider, and lead on who is signed in.

    Whoever the provider does not confirm is led back to the page for signing in. They
    read the same, whether the address has an account here or not.
    """

    @wraps(view)
    def checked(request):
        provider = settings.STAFF_SIGN_IN
        if not provider:
            raise Http404
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        try:
            return view(request, provider)
        except NotConfirmed as fault:
            logger.warning("nobody is signed in by the provider: %s", fault)
            messages.error(
                request,
                _(
                    "%(provider)s did not confirm an address of an account here. Try "
                    "again, or use a password. If neither helps, ask an administrator."
                )
                % {"provider": provider.host},
            )
            return redirect("account_login")

    return checked


@require_POST
@if_there_is_one
def start(request, provider):
    """Lead to the provider, which asks who it is."""
    request.session[NEXT] = get_next_redirect_url(request)
    return_to = f"{settings.SITE_URL}{reverse('account_provider_return')}"
    return provider.redirect(request, return_to)


@require_GET
@if_there_is_one
def come_back(request, provider):
    """Sign in whoever comes back from the provider.

    OpenID Connect has it a GET that changes something: it works once, for the browser
    that has asked. Of anybody else the provider is asked nothing.
    """
    if NEXT not in request.session:
        raise NotConfirmed("nobody has asked for this answer")
    next_page = request.session.pop(NEXT)
    email = provider.verified_email(request)
    found = User.objects.filter(email=email, is_active=True, is_staff=True)[:2]
    if len(found) != 1:
        raise NotConfirmed(f"{len(found)} accounts have this address")
    [user] = found
    record_authentication(request, user, method="provider")
    return perform_login(request, Login(user=user, redirect_url=next_page))
