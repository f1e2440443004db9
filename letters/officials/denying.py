""" "This was not me" in a mail to an official: its link ends, and none comes for a day.

Such a mail asks for no act, so the silence is a suppression of its purpose for this
mailbox (decision 34). It can be undone on the same page.
"""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letters.officials.access import expired
from letters.officials.corrections import AddressCorrection
from letters.officials.visits import OfficialVisit
from outbox.mailed_keys import DENIAL
from outbox.models import Reason, Suppression
from pages.same_origin import public_form
from supporters.acts.confirmations import SILENCE

_PURPOSES = {OfficialVisit: "official_page", AddressCorrection: "official_address"}


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def denial(request, key):
    """A button that ends the link of the mail, and afterwards one that undoes it."""
    found = [model.with_link(key, DENIAL, "recipient__list") for model in _PURPOSES]
    row = next(filter(None, found), None)
    if row is None or row.is_used or not row.is_of_today:
        return expired(request, is_used=row is not None and row.is_used)
    purpose = _PURPOSES[type(row)]
    if request.method == "POST":
        if "undo" in request.POST:
            Suppression.objects.lift(row.email, Reason.NOT_ME, purpose=purpose)
        else:
            until = timezone.now() + SILENCE
            put = Suppression.objects.put
            put(row.email, Reason.NOT_ME, purpose=purpose, until=until)
        return redirect(request.path)
    context = {"is_denied": is_denied(row), "recipient": row.recipient}
    response = render(request, "letters/official/denial.html", context)
    response["Cache-Control"] = "no-store"
    return response


def is_denied(row):
    """Whether somebody at this mailbox has said "This was not me" within a day."""
    against = Suppression.objects.against([row.email])
    return against.get((row.email, _PURPOSES[type(row)])) == Reason.NOT_ME
