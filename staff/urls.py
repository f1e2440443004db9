"""The pages for signing in and for one's own account: the only ones of allauth.

The names are allauth's, since its views look for them. A view that is not named here
(sign-up, email addresses, social accounts) has no address at all.
"""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView

from staff import provider_sign_in, views
from staff.account_adapter import while_password_holds
from staff.sign_in_limits import (
    CODE,
    CODE_AGAIN,
    PASSKEY,
    PASSWORD,
    PASSWORD_AGAIN,
    PROVIDER,
    RESET,
    half_signed_in,
    signed_in,
    throttled,
    typed,
)

SIGN_IN = _("Sign in")
SECOND_FACTOR = _("Passkeys and codes")
CONFIRM = _("Confirm that it is you")


def entrance(view, title="", tries="", whose=None):
    """A page in the admin's look; each POST counts as one of these tries."""
    if tries:
        view = throttled(view, name=tries, whose=whose)

    @never_cache
    @wraps(view)
    def framed(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if getattr(response, "context_data", None) is not None:
            frame = admin.site.frame(request) | {"title": title}
            response.context_data = frame | response.context_data
        return response

    return framed


def own(view, title="", tries=""):
    """The same for staff who are signed in."""
    return login_required(entrance(view, title, tries, signed_in))


def ends_other_sessions(view):
    """End all other sessions when a first second factor is set up: they have none.

    So it is when one is removed, as that of a lost phone, which may have opened one.
    """

    @wraps(view)
    def ending(request, *args, **kwargs):
        before = request.user.second_factors if request.method == "POST" else set()
        response = view(request, *args, **kwargs)
        if request.method != "POST":
            return response
        after = request.user.second_factors
        if before - after or (after and not before):
            here = request.session.session_key
            request.user.sign_ins.exclude(session=here).revoke()
        return response

    return ending


urlpatterns = [
    # Signing in.
    path(
        "login/",
        provider_sign_in.may_lead_to_provider(
            while_password_holds(entrance(account.login, SIGN_IN, PASSWORD, typed))
        ),
        name="account_login",
    ),
    path(
        "login/code/",
        while_password_holds(entrance(mfa.authenticate, SIGN_IN, CODE, half_signed_in)),
        name="mfa_authenticate",
    ),
    path(
        "login/passkey/",
        entrance(webauthn.login_webauthn, SIGN_IN, PASSKEY),
        name="mfa_login_webauthn",
    ),
    path(
        "login/passkey/challenge/",
        entrance(views.passkey_challenge, tries="passkey challenge"),
        name="account_passkey_challenge",
    ),
    path(
        "login/provider/",
        entrance(provider_sign_in.start, tries=PROVIDER),
        name="account_provider",
    ),
    path(
        "login/provider/return/",
        entrance(provider_sign_in.come_back),
        name="account_provider_return",
    ),
    path("logout/", require_POST(account.logout), name="account_logout"),
    # The password.
    path(
        "password/",
        own(account.password_change, _("Change your password"), PASSWORD_AGAIN),
        name="account_change_password",
    ),
    path(
        "password/reset/",
        entrance(account.password_reset, _("Choose a new password"), RESET),
        name="account_reset_password",
    ),
    path(
        "password/reset/done/",
        entrance(account.password_reset_done, _("Check your inbox")),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[\w-]+)/$",
        entrance(account.password_reset_from_key, _("Choose a new password"), RESET),
        name="account_reset_password_from_key",
    ),
    path(
        # allauth sends staff without a password here; the mail helps them to one.
        "password/none/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path(
        "invitations/<slug:key>/",
        entrance(views.accept_invitation, _("You are invited"), "invitation"),
        name="account_accept_invitation",
    ),
    # Before something that matters, staff show again who they are.
    path(
        "confirmation/",
        own(account.reauthenticate, CONFIRM, PASSWORD_AGAIN),
        name="account_reauthenticate",
    ),
    path(
        "confirmation/code/",
        own(mfa.reauthenticate, CONFIRM, CODE_AGAIN),
        name="mfa_reauthenticate",
    ),
    path(
        "confirmation/passkey/",
        own(webauthn.reauthenticate_webauthn, CONFIRM, PASSKEY),
        name="mfa_reauthenticate_webauthn",
    ),
    # The second factor.
    path("second-factor/", own(mfa.index, SECOND_FACTOR), name="mfa_index"),
    path(
        "second-factor/app/",
        own(
            ends_other_sessions(totp.activate_totp),
            _("Set up an authenticator app"),
            CODE_AGAIN,
        ),
        name="mfa_activate_totp",
    ),
    path(
        "second-factor/app/removal/",
        own(
            ends_other_sessions(totp.deactivate_totp),
            _("Remove the authenticator app"),
        ),
        name="mfa_deactivate_totp",
    ),
    path(
        "second-factor/passkeys/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_list_webauthn",
    ),
    path(
        "second-factor/passkeys/new/",
        own(ends_other_sessions(webauthn.add_webauthn), _("Add a passkey"), PASSKEY),
        name="mfa_add_webauthn",
    ),
    path(
        "second-factor/passkeys/<int:pk>/removal/",
        own(ends_other_sessions(webauthn.remove_webauthn), _("Remove the passkey")),
        name="mfa_remove_webauthn",
    ),
    path(
        "second-factor/codes/",
        own(recovery_codes.view_recovery_codes, _("Recovery codes")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/codes/new/",
        own(recovery_codes.generate_recovery_codes, _("Make new recovery codes")),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/download/",
        own(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    # The language of the pages of staff.
    path(
        "language/",
        own(views.language, _("Name and language")),
        name="account_language",
    ),
    # One's own sessions.
    path("sessions/", own(views.sign_ins, _("Sessions")), name="account_sign_ins"),
    path("sessions/revocation/", own(views.revocation), name="account_revocation"),
]
