"""How often somebody may try to sign in (decision 30)."""

from functools import cache, wraps

from allauth.account.internal.stagekit import unstash_login
from django.urls import reverse
from django.utils.translation import gettext

from pages.errors import error_page
from safeguards.counters import HOUR, Account, Limit, hit
from safeguards.network import Network, networks_of
from staff.alerts.models import Alert

# What a try is counted as. Who is signed in already has tries of their own, so that
# nobody on the sign-in page can use them up.
PASSWORD, CODE, PASSKEY = "sign-in password", "sign-in code", "sign-in passkey"
PASSWORD_AGAIN, CODE_AGAIN = "password again", "code again"
RESET = "password reset"
TOO_MANY = "account/too_many.html"


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


def _tell_of_codes(request):
    """Somebody has the password and not the code: those who work here should know."""
    user = unstash_login(request, peek=True).user
    words = gettext(
        "Somebody knows the password of “%(name)s” and has tried too many codes. If it "
        "was not %(name)s, %(name)s should choose a new password now."
    ) % {"name": user.get_username()}
    page = reverse("account_reset_password")
    Alert.objects.sound("sign-in codes", str(user.pk), words, page)
