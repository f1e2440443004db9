from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.db import IntegrityError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pages.languages import speak
from staff.accounts.models import User
from staff.forms import AcceptForm, OwnWordsForm
from staff.invitations.models import Invitation, InvitationOver


@require_POST
def passkey_challenge(request):
    """What a passkey has to sign. It is kept in the session, hence no GET."""
    return JsonResponse(begin_authentication(user=None)["publicKey"])


@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request, key):
    """Choose a name and a password, behind the link of an invitation."""
    try:
        invitation = Invitation.objects.for_key(key)
    except Invitation.DoesNotExist:
        return _invitation_page(request, status=410)
    if request.user.is_authenticated:
        return _invitation_page(request, invitation=invitation)
    speak(request, invitation.invited_by.reads)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        instance=User(email=invitation.email),
    )
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        try:
            user = invitation.accept(
                key,
                username=chosen["username"],
                first_name=chosen["first_name"],
                last_name=chosen["last_name"],
                password=chosen["password1"],
            )
        except InvitationOver:
            return _invitation_page(request, status=410)
        except IntegrityError:
            form.add_error("username", _("Somebody has just taken this username."))
        else:
            typed = {"username": user.get_username()}
            return perform_password_login(request, typed, Login(user=user))
    return _invitation_page(request, invitation=invitation, form=form)


def _invitation_page(request, status=200, **context):
    template = "account/accept_invitation.html"
    return TemplateResponse(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def language(request):
    """One’s own name, and the language of these pages and the emails for staff."""
    user = User.objects.get(pk=request.user.pk)  # an invalid form changes its row, too
    form = OwnWordsForm(
        request.POST if request.method == "POST" else None,
        instance=user,
        initial={"language": user.reads, "languages_read": user.languages_read},
    )
    if form.is_valid():
        for name in ("language", "languages_read"):
            setattr(user, name, form.cleaned_data.get(name, getattr(user, name)))
        user.save(update_fields=[*form.Meta.fields, "language", "languages_read"])
        speak(request, user.reads)
        messages.success(request, _("Saved."))
        return redirect("account_language")
    status = 422 if form.is_bound else 200
    return TemplateResponse(
        request, "account/language.html", {"form": form}, status=status
    )


@require_safe
def sign_ins(request):
    """Where one is signed in."""
    here = request.session.session_key
    found = request.user.sign_ins.current()
    context = {"sign_ins": [(each, each.session_id == here) for each in found]}
    return TemplateResponse(request, "account/sign_ins.html", context)


@require_POST
def revocation(request):
    """End one session, or all but this one."""
    chosen = request.user.sign_ins.exclude(session=request.session.session_key)
    if pk := request.POST.get("sign_in"):
        chosen = request.user.sign_ins.filter(pk=pk if pk.isdecimal() else None)
        get_object_or_404(chosen)
    number = chosen.revoke()
    said = ngettext("%d browser is signed out.", "%d browsers are signed out.", number)
    messages.success(request, said % number)
    return redirect("account_sign_ins")
