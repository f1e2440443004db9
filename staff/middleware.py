"""Middleware around every page of the admin."""

from functools import cache

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pages.languages import speak
from staff.accounts.sign_ins import SignIn

# Pages for staff without a second factor while STAFF_MFA is "required".
SETTING_UP = ("account_", "mfa_")
WAY_OUT = {"admin:logout", "admin:login", "admin:jsi18n"}


class DeskMiddleware:
    """Looks after staff on their own pages; every other page pays one look.

    It speaks to them in the language that they have chosen, while public pages have
    that of their address, whoever reads them. It notes who is at work, and leads those
    without a second factor to where they set one up.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _is_of_admin(request):
            return self.get_response(request)
        if request.user.is_authenticated:
            speak(request, request.user.reads)
            SignIn.objects.see(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not _is_of_admin(request):
            return None
        name = request.resolver_match.view_name or ""
        if name in WAY_OUT or name.startswith(SETTING_UP) or not _lacks_one(request):
            return None
        messages.warning(
            request,
            _("Set up a passkey or an authenticator app first."),
        )
        return redirect("mfa_index")


def _is_of_admin(request):
    """Whether it is a page of the admin: only there it matters who is signed in."""
    return request.path_info.startswith(_admin())


@cache
def _admin():
    return reverse("admin:index")


def _lacks_one(request):
    return (
        settings.STAFF_MFA == "required"
        and request.user.is_authenticated
        and not request.user.has_second_factor
    )
