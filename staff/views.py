from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from staff.models import User


@require_POST
def passkey_challenge(request):
    """What a passkey has to sign, kept in a session: hence no GET."""
    return JsonResponse(begin_authentication(user=None)["publicKey"])


@require_safe
def sign_ins(request, user_pk=None):
    """Where somebody is signed in: oneself, or for superusers anybody."""
    user = _whose(request, user_pk)
    here = request.session.session_key
    context = {
        "whose": user,
        "is_own": user == request.user,
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
    number = chosen.revoke()
    said = ngettext("%d session ended.", "%d sessions ended.", number)
    messages.success(request, said % number)
    return redirect(request.path.removesuffix("revocation/"))


def _whose(request, user_pk):
    if user_pk is None or user_pk == request.user.pk:
        return request.user
    if not request.user.is_superuser:
        raise PermissionDenied
    return get_object_or_404(User, pk=user_pk)
