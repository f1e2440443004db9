"""Readers report the name of a signer, and a moderator looks at it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from database.sealed import Of, number_sealed_in
from pages.same_origin import public_form
from petitions.published import published_petition
from petitions.signing.models import Signature
from safeguards.counters import HOUR, Limit, hit
from safeguards.network import Network, networks_of
from supporters.notices.choices import ReportReason
from supporters.notices.forms import ReasonForm

REPORTS = Limit(
    "name reports", of=Network, window=HOUR, setting="LIMIT_REPORTS_OF_NAMES"
)


class NameReportForm(ReasonForm):
    """What a reader finds wrong with a name."""

    reasons = (
        ReportReason.SOMEBODY_ELSE,
        ReportReason.NO_NAME,
        ReportReason.ADDRESS,
        ReportReason.OTHER,
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, slug, number):
    """Tell the moderators that something is wrong with a name that shows."""
    signature = _shown(slug, number_sealed_in(number, Of.SIGNATURE))
    form = NameReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        networks = networks_of(request)
        if form.is_valid() and not hit(REPORTS(networks)):
            signature.public_name.report(
                location=request.path,
                reason=form.cleaned_data["reason"],
                network_hash=networks.hash,
            )
            return redirect(f"{request.path}?sent=1")
        if form.is_valid():
            many = _("Your network has sent a lot of reports. Try again in an hour.")
            form.add_error(None, many)
        status = 422
    context = {
        "campaign": signature.campaign,
        "signer": signature,
        "form": form,
        "is_done": request.GET.get("sent") == "1",
    }
    return render(request, "petitions/name_report.html", context, status=status)


def _shown(slug, pk):
    """A signature whose name readers see, or a 404."""
    petition = published_petition(slug)
    if not petition.shows_names:
        raise Http404
    shown = Signature.objects.shown().filter(petition=petition.pk)
    found = get_object_or_404(shown, pk=pk)
    found.petition = petition
    return found
