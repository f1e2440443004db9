"""The link in a mail that stops all mails of its purpose to one person.

Its key is signed and not stored. It names a supporter, or one of the staff, and the
purpose. It works as long as they are stored, and opens nothing else.
"""

from django.core import signing
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from database.sealed import Of, number_sealed_in, seal
from outbox.mailed_keys import signer
from outbox.models import Reason, Suppression
from outbox.purposes import all_purposes, title_of
from pages.addresses import absolute_reverse
from pages.errors import error_page
from staff.models import User
from supporters.people.models import Supporter

_SIGNER = signer("supporters.stopping")
_PEOPLE = {Of.SUPPORTER: Supporter, Of.USER: User}


def stop_url(person, purpose, language):
    """The link by which a supporter, or one of the staff, stops mails of a purpose."""
    of = Of.USER if isinstance(person, User) else Of.SUPPORTER
    key = _SIGNER.sign(f"{seal(person.pk, of)}.{purpose}")
    return absolute_reverse("supporters:stopping", language, key=key)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stopping(request, key):
    """Buttons that stop the mails of a purpose, and start them again.

    Mails are forwarded. So after a spam report, or a mail that came back, only my page
    starts them again: there we know that its owner asks.

    Mail programs post here as well (RFC 8058), and from no page of ours. The key guards
    this page.
    """
    email, purpose = _named_in(key)
    if not email:
        return error_page(request, 410, "supporters/nothing_to_stop.html")
    may_resume = (email, "") not in Suppression.objects.against([email])
    if request.method == "POST":
        if "resume" not in request.POST:
            Suppression.objects.put(email, Reason.STOPPED, purpose=purpose)
        elif may_resume:
            Suppression.objects.lift(email, Reason.STOPPED, purpose=purpose)
    context = {
        "title": title_of(purpose),
        "has_stopped": (email, purpose) in Suppression.objects.against([email]),
        "may_resume": may_resume,
        "has_resumed": "resume" in request.POST,
    }
    return render(request, "supporters/stopping.html", context)


def _named_in(key):
    """The address and the purpose of a key; the address may be ""."""
    try:
        sealed, purpose = _SIGNER.unsign(key).split(".")
    except signing.BadSignature:
        return "", ""
    if purpose not in all_purposes():
        return "", ""
    for of, people in _PEOPLE.items():
        found = people.objects.filter(pk=number_sealed_in(sealed, of)).first()
        if found is not None:
            return found.email, purpose
    return "", purpose
