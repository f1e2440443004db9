"""A signature on my page: correct it, choose how the name shows, take it back."""

from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pages.read_only import read_only
from petitions.counting import checker
from petitions.counting.chain import Link
from petitions.counting.signer import SignedAlready
from petitions.names.shown_as import ShownAs
from petitions.signing.forms import SignatureForm
from petitions.signing.models import Signature
from supporters.my_page.access import for_visitor
from supporters.my_page.page import back


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor
def signature(request, visit, pk):
    """Name, place and how the name shows, for changing them."""
    found = _signature(visit, pk)
    if request.method != "POST":
        form = SignatureForm(initial=found.as_typed)
        return _page(request, visit, found, form)
    form = SignatureForm(request.POST, initial=found.as_typed)
    if form.is_valid() and _change(request, found, form):
        return back(visit, "signature")
    return _page(request, visit, found, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor
def withdrawal(request, visit, pk):
    found = _signature(visit, pk)
    if request.method == "POST":
        found.withdraw()
        return back(visit, "withdrawal")
    context = {"visit": visit, "signature": found}
    return render(request, "petitions/mine_withdrawal.html", context)


@read_only
@for_visitor
def proof(request, visit, pk):
    """Shows that this signature is in the count's chain, and how to check that."""
    mine = Signature.objects.of_supporter(visit.supporter).exclude(salt=None)
    found = get_object_or_404(mine.for_my_page(), pk=pk)
    links = Link.objects.filter(
        petition=found.petition_id, commitment=found.commitment
    ).order_by("number")
    context = {
        "visit": visit,
        "signature": found,
        "salt": bytes(found.salt).hex(),
        "commitment": bytes(found.commitment).hex(),
        "links": [
            {"delta": f"{link.delta:+d}", **checker.hexadecimal(link)} for link in links
        ],
    }
    return render(request, "petitions/mine_proof.html", context)


def _signature(visit, pk):
    mine = Signature.objects.of_supporter(visit.supporter).filter(withdrawn_at=None)
    return get_object_or_404(mine.for_my_page(), pk=pk)


def _change(request, signature, form):
    """Do what the form says; False, with the reason in the form, if that cannot be."""
    typed, before = form.cleaned_data, signature.public_name.line
    try:
        with transaction.atomic():
            if typed["shown_as"] == ShownAs.NO:
                # This comes before the name changes, since the old name finds their
                # other signature.
                signature.public_name.hide_everywhere()
            signature.signer.correct(
                name=typed["name"], city=typed["city"], country=typed["country"]
            )
    except SignedAlready:
        already = _("Somebody with this address has already signed under this name.")
        form.add_error("name", already)
        return False
    if form.shown_line != before:
        signature.public_name.choose(
            typed["shown_as"], typed["shown_name"], form.shown_name_consents(), "/mine/"
        )
    return True


def _page(request, visit, signature, form, status=200):
    context = {"visit": visit, "signature": signature, "form": form}
    return render(request, "petitions/mine_signature.html", context, status=status)
