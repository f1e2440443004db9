"""The link in a mail that stops all mails of its purpose to one person.

Its key is signed and not stored. It names the supporter and the purpose, works as long
as the supporter is stored, and opens nothing else.
"""

from django.core import signing
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from database.sealed import Of, number_sealed_in, seal
from outbox.mailed_keys import signer
from outbox.purposes import stoppable_purposes, title_of
from pages.addresses import absolute_reverse
from pages.errors import error_page
from supporters.people.models import Supporter

_SIGNER = signer("supporters.stopping")


def stop_url(supporter, purpose, language):
    """The link for mails of this purpose, whose class says `is_stoppable`."""
    key = _SIGNER.sign(f"{seal(supporter.pk, Of.SUPPORTER)}.{purpose}")
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
    supporter, purpose = _named_in(key)
    if supporter is None:
        return error_page(request, 410, "supporters/nothing_to_stop.html")
    if request.method == "POST":
        if "resume" not in request.POST:
            supporter.stop(purpose)
        elif not supporter.gets_nothing_unasked:
            supporter.resume(purpose)
    context = {
        "title": title_of(purpose),
        "has_stopped": supporter.has_stopped(purpose),
        "may_resume": not supporter.gets_nothing_unasked,
        "has_resumed": "resume" in request.POST,
    }
    return render(request, "supporters/stopping.html", context)


def _named_in(key):
    """The supporter and the purpose of a key; the supporter may be None."""
    try:
        sealed, purpose = _SIGNER.unsign(key).split(".")
    except signing.BadSignature:
        return None, ""
    if purpose not in stoppable_purposes():
        return None, ""
    return Supporter.objects.filter(
        pk=number_sealed_in(sealed, Of.SUPPORTER)
    ).first(), purpose
