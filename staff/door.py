"""Who gets in: django-allauth's ways to sign in, for staff alone (decision 13)."""

import time
from functools import cache, wraps

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login, unstash_login
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from campaign_site.errors import error_page
from safeguards.counters import HOUR, Account, Limit, hit
from safeguards.network import Network, client_address, networks_of


class StaffBackend(ModelBackend):
    """Only who works here has a session, and only for as long as they do."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and user.is_staff


class Door(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "This user name and this password do not belong together."
        ),
    }

    def is_open_for_signup(self, request):
        """Staff are made in the admin, by who may do that."""
        return False

    def save_user(self, request, user, form, commit=True):
        raise PermissionDenied

    def pre_login(self, request, user, **kwargs):
        """A passkey outlives the work here; it must not open the door."""
        if user.is_active and user.is_staff:
            return super().pre_login(request, user, **kwargs)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request, user):
        clear_login(request)
        messages.error(request, _("This account does not work here any more."))
        return redirect("account_login")

    def is_ajax(self, request):
        """Our pages ask for pages; nobody needs these forms as JSON."""
        return False

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who has just signed in need not do it again."""
        done = get_authentication_records(self.request, self.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in done)

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            if method["id"] == "mfa_reauthenticate:webauthn":
                method["description"] = _("Use a passkey")
        return methods

    def get_client_ip(self, request):
        return client_address(request)


def throttled(view, *, name):
    """Refuse further tries of a kind, by network and by account, after so many an hour.

    Each try is counted before anything is compared, in PostgreSQL, so that it holds
    across web processes and restarts. Passwords and codes are counted apart: who
    hammers at a password cannot keep its owner from the codes.
    """

    of_network, of_account = _limits(name)

    @wraps(view)
    def limited(request, *args, **kwargs):
        if request.method == "POST":
            chains = [of_network(networks_of(request))]
            if account := _account(request):
                chains.append(of_account(Account(account)))
            if hit(*chains):
                return error_page(request, 429, wait=HOUR)
        return view(request, *args, **kwargs)

    return limited


@cache
def _limits(name):
    """How often a kind of try may be made from a network, and for an account."""
    return (
        Limit(name, of=Network, window=HOUR, setting="LIMIT_SIGN_INS"),
        Limit(
            f"{name} account",
            of=Account,
            window=HOUR,
            setting="LIMIT_SIGN_INS_TO_ACCOUNT",
        ),
    )


def _account(request):
    """Whose password or code is tried: typed, half signed in, or signed in."""
    if typed := request.POST.get("login"):
        return typed.strip().lower()
    if request.user.is_authenticated:
        return request.user.get_username().lower()
    login = unstash_login(request, peek=True)
    return login.user.get_username().lower() if login and login.user else ""
