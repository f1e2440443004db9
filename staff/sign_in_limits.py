"""How often somebody may try to sign in (decision 12)."""

from functools import cache, wraps

from allauth.account.internal.stagekit import unstash_login
from django.urls import reverse
from django.utils.translation import gettext

from pages.errors import error_page
from safeguards.counters import HOUR, Account, Limit, hit
from safeguards.network import Network, networks_of
from staff.alerts.models import Alert

# The kinds of tries. Somebody who is signed in has a count of their own, so that nobody
# at the sign-in page can use it up.
PASSWORD, CODE, PASSKEY = "sign-in password", "sign-in code", "sign-in passkey"
PROVIDER = "sign-in provider"
PASSWORD_AGAIN, CODE_AGAIN = "password again", "code again"
RESET = "password reset"
TOO_MANY = "account/too_many.html"


def throttled(view, *, name, whose=None):
    """Refuse further tries of a kind after so many an hour, by network and by account.

    Each try is counted before anything is compared. It is counted in PostgreSQL, so
    that the limit holds across web processes and restarts. `whose` finds the Account of
    a request. A try that its network's limit refuses does not count for the account.
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
    """The limits of a kind of try: for a network, and for an account."""
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
    """The account with the user name in the password form, whether it exists or not."""
    return Account(request.POST.get("login", ""))


def signed_in(request):
    return Account(request.user.get_username())


def half_signed_in(request):
    """The account whose password was right, if a code is tried now.

    A passkey cannot be guessed, so it costs no try. A new password begins a new count:
    somebody who knew only the old one spends none of the owner's tries any more.
    """
    login = unstash_login(request, peek=True)
    if "code" not in request.POST or not (login and login.user):
        return None
    return Account(f"{login.user.get_username()} {login.user.get_session_auth_hash()}")


def _tell_of_codes(request):
    """Alert staff: somebody has the password and not the code."""
    user = unstash_login(request, peek=True).user
    Alert.objects.sound(
        "sign-in codes",
        str(user.pk),
        lambda: gettext("Somebody knows the password of an account"),
        lambda: (
            gettext(
                "Somebody knows the password of “%(name)s” and has tried too many "
                "codes. If it was not %(name)s, %(name)s should choose a "
                "new password now."
            )
            % {"name": user.get_username()}
        ),
        reverse("account_reset_password"),
    )
