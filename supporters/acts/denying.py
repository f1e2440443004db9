""" "This was not me": the page on which an owner discards what nobody has confirmed.

Each question links it (decision 34). Opening it changes nothing, since scanners open
links. No page here leads to the button that confirms: its key is another one. The page
after the form stays as it was for whoever typed the address.
"""

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models.text import localize
from outbox.mailed_keys import Gone
from pages.errors import error_page
from pages.same_origin import public_form
from supporters.acts.confirmations import SILENCE, Confirmation
from supporters.acts.finding import to_deny
from supporters.my_page.access import for_visitor
from supporters.my_page.page import back


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def denial(request, token):
    """A button that discards the act, and afterwards one that undoes it.

    When the question has expired, only my page undoes it. A comment stays longer than
    that, and whoever has the link could otherwise begin the silence anew for ever.
    """
    try:
        act = to_deny(token)
        if "undo" in request.POST and act.confirmation.has_expired:
            raise Gone
    except Gone:
        return error_page(request, 410, "supporters/gone.html")
    except ObjectDoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        if "undo" in request.POST:
            act.undo_denial()
        else:
            act.deny()
        return redirect(request.path)
    asked = act.confirmation
    localize([asked.campaign])
    context = {
        "act": act,
        "campaign": asked.campaign,
        "silent_until": asked.denied_at and asked.denied_at + SILENCE,
        "days": settings.KEEP_UNCONFIRMED_DAYS,
    }
    response = render(request, "supporters/denial.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@for_visitor
def undo(request, visit, pk):
    """Undo it on my page: the act can be confirmed again, and we ask again."""
    denied = Confirmation.objects.of_supporter(visit.supporter).for_my_page()
    asked = get_object_or_404(denied, pk=pk)
    get_object_or_404(asked.act_model, confirmation=asked).undo_denial()
    return back(visit, "undone")
