from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from campaign_site import limits
from campaign_site.errors import error_page
from campaign_site.page_cache import public_page
from campaign_site.same_origin import public_form
from campaigns.models import Campaign
from petitions.forms import SignForm
from petitions.models import Petition, PetitionClosed, Signature
from supporters import browser
from supporters.forms import AddressForm, CodeForm
from supporters.models import Confirmation


@public_page
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def signatures(request, slug):
    """The sign form on a page of its own; a POST that is good leads to the inbox."""
    petition = _petition(slug)
    if not petition.campaign.is_open:
        return _closed(request, petition.campaign)
    form = SignForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            signature = _sign(request, petition, form)
        except PetitionClosed:
            return _closed(request, petition.campaign)
        return redirect(signature.inbox_url)
    return render(
        request,
        "petitions/sign.html",
        {"petition": petition, "campaign": petition.campaign, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD"])
def inbox(request, slug, token):
    """Check your inbox: the address, a field for the code, the way to a new mail."""
    signature = _signature(slug, Signature.objects.for_page_token, token)
    if signature.confirmation.has_expired:
        return _expired(request, signature)
    return _inbox(request, signature)


@public_form
@require_POST
def code(request, slug, token):
    """Confirm by the six digits of the mail, in the tab that is still open."""
    signature = _signature(slug, Signature.objects.for_page_token, token)
    confirmation = signature.confirmation
    if confirmation.has_expired:
        return _expired(request, signature)
    form = CodeForm(request.POST)
    if form.is_valid():
        if confirmation.takes(form.cleaned_data["code"]):
            return _confirm(request, signature, form.cleaned_data["own_device"])
        form.add_error("code", _wrong_code(confirmation))
    return _inbox(request, signature, code_form=form, status=422)


@public_form
@require_POST
def mail(request, slug, token):
    """Send the mail again, to the same address or to another one."""
    signature = _signature(slug, Signature.objects.for_page_token, token)
    if signature.confirmation.has_expired:
        return _expired(request, signature)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _inbox(request, signature, address_form=form, status=422)
    if signature.confirmation.used_at is None and not signature.is_held:
        signature.change_address(form.cleaned_data["email"])
    return redirect(f"{signature.inbox_url}?again=1")


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request, slug, token):
    """The page behind the link in the mail: one button, which counts the name."""
    signature = _signature(slug, Signature.objects.for_mail_token, token)
    if signature.confirmation.used_at or signature.confirmation.has_expired:
        return _expired(request, signature)
    if request.method == "POST":
        return _confirm(request, signature, bool(request.POST.get("own_device")))
    return render(
        request,
        "petitions/confirmation.html",
        {
            "signature": signature,
            "campaign": signature.petition.campaign,
            "days": settings.KEEP_UNCONFIRMED_DAYS,
        },
    )


@require_http_methods(["GET", "HEAD"])
def thanks(request, slug):
    """Thank you, and the next step; by name for the browser that has confirmed."""
    petition = _petition(slug)
    supporter = browser.supporter_of(request)
    own = Signature.objects.filter(
        petition=petition, confirmation__supporter=supporter, counted=True
    )
    return render(
        request,
        "petitions/thanks.html",
        {
            "petition": petition,
            "campaign": petition.campaign,
            "signature": own.order_by("-confirmed_at").first() if supporter else None,
        },
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request, slug, key):
    """Take one's name back: a page with a button, behind the link in the mail."""
    signature = (
        Signature.objects.select_related("petition__campaign")
        .filter(withdrawal_key=key, petition__campaign__slug=slug)
        .first()
    )
    if signature is None:
        return error_page(request, 410, "petitions/nothing_to_withdraw.html")
    if request.method == "POST":
        signature.withdraw()
    return render(
        request,
        "petitions/withdrawal.html",
        {"signature": signature, "campaign": signature.petition.campaign},
    )


def _petition(slug):
    return get_object_or_404(
        Petition.objects.select_related("campaign"),
        campaign__in=Campaign.objects.published(),
        campaign__slug=slug,
    )


def _signature(slug, find, token):
    try:
        signature = find(token)
    except (Confirmation.DoesNotExist, Signature.DoesNotExist):
        raise Http404 from None
    if signature.petition.campaign.slug != slug:
        raise Http404
    return signature


def _sign(request, petition, form):
    typed = form.cleaned_data
    counter = ("sign", limits.network(request), limits.HOUR)
    is_flood = limits.hit(counter)[0] > settings.LIMIT_ACTS_BEFORE_HELD
    return petition.sign(
        name=typed["name"],
        email=typed["email"],
        city=typed["city"],
        country=typed["country"],
        shows_name=typed["shows_name"],
        consents=form.consents(petition),
        language=get_language(),
        page=request.path,
        held_for="flood" if is_flood else "honeypot" if form.is_trapped else "",
    )


def _confirm(request, signature, own_device):
    signature.confirm()
    response = redirect("petitions:thanks", slug=signature.petition.campaign.slug)
    browser.remember(response, signature.confirmation.supporter, own_device=own_device)
    return response


def _inbox(request, signature, *, code_form=None, address_form=None, status=200):
    return render(
        request,
        "petitions/inbox.html",
        {
            "signature": signature,
            "campaign": signature.petition.campaign,
            "code_form": code_form or CodeForm(),
            "address_form": address_form
            or AddressForm(initial={"email": signature.confirmation.email}),
            "form": code_form or address_form,
            "was_sent_again": request.GET.get("again") == "1",
            "days": settings.KEEP_UNCONFIRMED_DAYS,
        },
        status=status,
    )


def _wrong_code(confirmation):
    if confirmation.tries_left:
        return gettext("This is not the code of the newest mail. Look again.")
    return gettext(
        "This was tried too often. Use the button in the mail, or send it again to "
        "get a new code."
    )


def _closed(request, campaign):
    return error_page(request, 410, "petitions/closed.html", campaign=campaign)


def _expired(request, signature):
    return error_page(
        request,
        410,
        "petitions/expired.html",
        signature=signature,
        campaign=signature.petition.campaign,
        is_used=signature.confirmation.used_at is not None,
    )
