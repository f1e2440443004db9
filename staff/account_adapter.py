"""The account adapter of django-allauth, for staff alone (decision 12)."""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login, unstash_login
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from safeguards.network import client_address
from staff import reach

# The session key of somebody who has given the password but not the code.
PASSWORD_THEN = "staff_password_then"


class StaffBackend(ModelBackend):
    """Only staff have sessions, and only as long as they are staff.

    To what they may do everywhere, it adds what roles in single campaigns let them do.
    """

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and user.is_staff

    def get_all_permissions(self, user, obj=None):
        held = super().get_all_permissions(user, obj)
        if obj is not None or user.is_superuser or not user.is_active:
            return held
        return held | reach.held_in_campaigns(user)


class StaffAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This username and password do not match."),
    }

    def is_open_for_signup(self, request):
        """Accounts are made in the admin, by those who may do that."""
        return False

    def save_user(self, request, user, form, commit=True):
        raise PermissionDenied

    def pre_login(self, request, user, **kwargs):
        """Refuse a passkey of somebody who is not staff any more."""
        if user.is_active and user.is_staff:
            request.session[PASSWORD_THEN] = user.get_session_auth_hash()
            return super().pre_login(request, user, **kwargs)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request, user):
        clear_login(request)
        messages.error(request, _("This account no longer works here."))
        return redirect("account_login")

    def is_ajax(self, request):
        """Our pages ask for pages, and nobody needs these forms as JSON."""
        return False

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whether to ask again; not soon after signing in."""
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


def while_password_holds(view):
    """Refuse the code if the password was changed since it was given."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        login = unstash_login(request, peek=True)
        if login and login.user:
            now = login.user.get_session_auth_hash()
            if request.session.get(PASSWORD_THEN) != now:
                clear_login(request)
        return view(request, *args, **kwargs)

    return checked
