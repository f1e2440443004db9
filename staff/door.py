"""Who gets in: the ways of django-allauth, for staff alone (decisions 12 and 30)."""

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
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.errors import error_page
from safeguards.counters import HOUR, Account, Limit, hit
from safeguards.network import Network, client_address, networks_of
from staff.models import Alert

# What a try is counted as. Where somebody is signed in already, who hammers at the
# doors must not keep them from saying that it is them.
PASSWORD, CODE, PASSKEY = "sign-in password", "sign-in code", "sign-in passkey"
PASSWORD_AGAIN, CODE_AGAIN = "password again", "code again"
RESET = "password reset"
TOO_MANY = "account/too_many.html"
# In the session of who has given the password and not yet the code.
PASSWORD_THEN = "staff_password_then"


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
            request.session[PASSWORD_THEN] = user.get_session_auth_hash()
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


def throttled(view, *, name, whose=None):
    """Refuse further tries of a kind, by network and by account, after so many an hour.

    Each try is counted before anything is compared, in PostgreSQL, so that it holds
    across web processes and restarts. `whose` gives the Account that a request tries
    at; what a network has used up counts for no account.
    """
    of_network, of_account = _limits(name)

    @wraps(view)
    def limited(request, *args, **kwargs):
        if request.method == "POST":
            account = whose and whose(request)
            chain = of_network(networks_of(request))
            if account:
                chain += of_account(account)
            if over := hit(chain):
                if name == CODE and over[0].limit is of_account:
                    _tell_of_codes(request)
                return error_page(request, 429, TOO_MANY, wait=HOUR)
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


def typed(request):
    """The account whose name stands in the form for the password, there or not."""
    return Account(request.POST.get("login", ""))


def signed_in(request):
    return Account(request.user.get_username())


def half_signed_in(request):
    """The account whose password was right, if it is a code that is tried now.

    A passkey cannot be guessed, so it costs no try. A new password begins anew: whoever
    knew the old one alone spends none of the owner's tries any more.
    """
    login = unstash_login(request, peek=True)
    if "code" not in request.POST or not (login and login.user):
        return None
    return Account(f"{login.user.get_username()} {login.user.get_session_auth_hash()}")


def while_password_holds(view):
    """Between password and code: one that was changed meanwhile opens nothing."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        login = unstash_login(request, peek=True)
        if login and login.user:
            now = login.user.get_session_auth_hash()
            if request.session.get(PASSWORD_THEN) != now:
                clear_login(request)
        return view(request, *args, **kwargs)

    return checked


def _tell_of_codes(request):
    """Somebody has the password and not the code: those who work here should know."""
    user = unstash_login(request, peek=True).user
    words = gettext(
        "Somebody knows the password of “%(name)s” and has tried too many codes. If it "
        "was not %(name)s, %(name)s should choose a new password now."
    ) % {"name": user.get_username()}
    page = reverse("account_reset_password")
    Alert.objects.sound("sign-in codes", str(user.pk), words, page)
