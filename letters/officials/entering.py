"""The way to an official's page: the link under a letter, the mail, the button.

The link opens nothing, since it is in each letter, and letters are forwarded and
archived. It only offers a mail to the address that we hold, with a link of its own.
"""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from letters.officials.access import expired, left_office, remember
from letters.officials.corrections import OBJECTION_DAYS, AddressCorrection
from letters.officials.denying import is_denied
from letters.officials.visits import OfficialVisit
from letters.recipients.models import Recipient
from outbox.mailed_keys import LINK
from pages.errors import error_page
from pages.same_origin import public_form
from safeguards import limits
from safeguards.counters import HOUR, Limit, hit
from safeguards.network import Network, networks_of
from supporters.acts.confirming import minutes_behind

OFFICIALS_PAGE = Limit(
    "official's page", of=Network, window=HOUR, setting="LIMIT_ACTS_BEFORE_HELD"
)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def official(request, key):
    """The page of the link under a letter: one button, and nothing else."""
    try:
        recipient = Recipient.objects.for_page_key(key)
    except Recipient.DoesNotExist:
        raise Http404 from None
    if recipient.left_office_on:
        return left_office(request, recipient)
    if request.method == "POST" and not recipient.complained_at:
        if hit(OFFICIALS_PAGE(networks_of(request))):
            return error_page(request, 429, wait=HOUR)
        OfficialVisit.objects.request(recipient)
        response = redirect("letters:official", key=key)
        response["Location"] += "?asked=1"
        return response
    return _page(
        request,
        "link",
        recipient=recipient,
        was_asked=request.GET.get("asked") == "1",
        minutes=settings.VISIT_LINK_MINUTES,
        minutes_behind=minutes_behind(),
        mails_an_hour=limits.number("LIMIT_MAILS_TO_ADDRESS"),
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request, key):
    """The page of the link in the mail: one button, since scanners open links."""
    visit = (
        OfficialVisit.objects.select_related("recipient__list")
        .filter(mail_key=key)
        .first()
    )
    if visit is None or not visit.is_waiting:
        return expired(request, visit)
    if is_denied(visit):
        return expired(request, visit, is_denied=True)
    if request.method == "POST":
        if not visit.open():
            return expired(request, visit)
        response = redirect("letters:official-page", key=visit.key)
        remember(response, visit)
        return response
    return _page(
        request, "opening", recipient=visit.recipient, hours=settings.VISIT_HOURS
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def address(request, key):
    """The page of the mail to a new address: one button, which makes it theirs."""
    correction = (
        AddressCorrection.objects.waiting()
        .select_related("recipient__list")
        .filter(mail_key=key)
        .first()
    )
    if correction is None or not correction.is_of_today or is_denied(correction):
        return error_page(request, 410, "letters/official/address_expired.html")
    if request.method == "POST":
        if not correction.confirm():
            return error_page(request, 410, "letters/official/address_expired.html")
        return _page(request, "address_changed", correction=correction)
    return _page(request, "address", correction=correction)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request, key):
    """The page of the link in a mail to an old address: one button, which keeps it."""
    correction = AddressCorrection.with_link(key, LINK, "recipient__list")
    over = "letters/official/objection_expired.html"
    if correction is None or not correction.may_be_stopped:
        return error_page(request, 410, over, days=OBJECTION_DAYS)
    if request.method == "POST":
        if not correction.stop():
            return error_page(request, 410, over, days=OBJECTION_DAYS)
        return _page(request, "address_kept", correction=correction)
    return _page(request, "objection", correction=correction)


def _page(request, name, **context):
    response = render(request, f"letters/official/{name}.html", context)
    response["Cache-Control"] = "no-store"
    return response
