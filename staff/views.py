from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
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
from staff.audit import trail
from staff.audit.models import AuditEntry
from staff.forms import AcceptForm, OwnWordsForm
from staff.invitations.models import Invitation, InvitationOver

USER = User._meta.label_lower


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
def sign_ins(request, user_pk=None):
    """Where somebody is signed in: oneself or, for superusers, anybody."""
    if user_pk == request.user.pk:
        return redirect("account_sign_ins")
    user = _whose(request, user_pk)
    if user != request.user:
        trail.note(request, AuditEntry.Kind.READ, USER, [user.pk], action="sessions")
    here = request.session.session_key
    context = {
        "whose": user,
        "is_own": user == request.user,
        "users": User._meta.verbose_name_plural,
        "sign_ins": [
            (sign_in, sign_in.session_id == here) for sign_in in user.sign_ins.current()
        ],
    }
    return TemplateResponse(request, "account/sign_ins.html", context)


@require_POST
def revocation(request, user_pk=None):
    """End one session, or all but this one."""
    user = _whose(request, user_pk)
    chosen = user.sign_ins.exclude(session=request.session.session_key)
    if pk := request.POST.get("sign_in"):
        chosen = user.sign_ins.filter(pk=pk if pk.isdecimal() else None)
        get_object_or_404(chosen)
    with transaction.atomic():
        number = chosen.revoke()
        if user != request.user:
            done = {"action": "end_sessions", "count": number}
            trail.note(request, AuditEntry.Kind.ACTION, USER, [user.pk], **done)
    said = ngettext("%d browser is signed out.", "%d browsers are signed out.", number)
    messages.success(request, said % number)
    return redirect(request.path.removesuffix("revocation/"))


def _whose(request, user_pk):
    if user_pk is None or user_pk == request.user.pk:
        return request.user
    if not request.user.is_superuser:
        raise PermissionDenied
    return get_object_or_404(User, pk=user_pk)
