from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff import audit
from staff.models import SignIn

# Where somebody without a second factor may go while STAFF_MFA is "required".
SETTING_UP = ("account_", "mfa_")
WAY_OUT = {"admin:logout", "admin:login", "admin:jsi18n"}


class Guard:
    """Around every page of the admin: is a second factor there, and who did what."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Only there: a page for everybody must not depend on who is signed in.
        request.is_for_staff = request.path_info.startswith(reverse("admin:index"))
        if not request.is_for_staff:
            return self.get_response(request)
        if request.user.is_authenticated:
            SignIn.objects.see(request)
        response = self.get_response(request)
        audit.write_down(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        if not request.is_for_staff:
            return None
        name = request.resolver_match.view_name or ""
        if name in WAY_OUT or name.startswith(SETTING_UP) or not _lacks_one(request):
            return None
        messages.warning(
            request,
            _("Set up a passkey or an authenticator app first; then you can work."),
        )
        return redirect("mfa_index")


def _lacks_one(request):
    return (
        settings.STAFF_MFA == "required"
        and request.user.is_authenticated
        and not request.user.has_second_factor
    )
