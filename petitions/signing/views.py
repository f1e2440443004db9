from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from campaigns.beside import Beside
from campaigns.models import PageViews
from campaigns.models.address import slug_here
from campaigns.models.text import localize
from campaigns.page_views import named
from campaigns.sharing import referral_code_of
from pages.countries import country_of_clocks
from pages.errors import error_page
from pages.form_fields import typed_in
from pages.framed import framed, is_framed
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.same_origin import public_act_form, public_form
from petitions.petition import Petition, PetitionClosed
from petitions.signing import own_page
from petitions.signing.forms import FilledInForm, KnownForm, NextForm, SignForm
from petitions.signing.known import KnownSigner
from petitions.signing.models import Signature
from safeguards.network import networks_of
from supporters.acts.confirming import Confirming
from supporters.acts.holding import examine
from supporters.acts.same_browser import to_inbox
from supporters.follow.audience import invited_by
from supporters.my_page import browser
from supporters.my_page.entering import request_visit

WITH_CAMPAIGN = Petition.objects.select_related("campaign")


@public_page
@public_act_form
@require_http_methods(["GET", "HEAD", "POST"])
def signatures(request, slug):
    """The sign form on a page of its own; a good POST leads to the inbox.

    A browser that has confirmed the address is believed, and led to the thanks.
    """
    if request.method != "POST":
        return _page(request, slug, SignForm())
    petition = _petition(slug, Petition.objects.to_sign())
    form = _posted_form(request, petition)
    if not (petition.is_open and form.is_valid()):
        return _page(request, slug, form)
    try:
        signature = _sign(request, petition, form, proven=browser.supporter_of(request))
    except PetitionClosed:
        return _closed(request, _petition(slug), form)
    if is_framed(request):
        return redirect("petitions:embedded-inbox", slug=slug)
    if signature.confirmed_at:
        return redirect(signature.done_url)
    return to_inbox(request, signature)


embedded = framed(signatures)


def _posted_form(request, petition):
    """The form that was posted; by the button of a known browser, it is filled in.

    If the browser is not known any more, all is missing, and is asked for.
    """
    posted = browser.fill_in_address(request)
    if posted is request.POST:
        form = FilledInForm if FilledInForm.mark in posted else SignForm
        return form(posted)
    known = KnownSigner.of(request, petition)
    return KnownForm(known.fill_in(posted))


def _page(request, slug, form):
    """The form; what is shown around it is read now."""
    petition = _petition(slug)
    if not petition.is_open:
        return _closed(request, petition, form)
    form.show_first(country_of_clocks(petition.campaign.timezone))
    context = {
        "petition": petition,
        "campaign": petition.campaign,
        "form": form,
        "referral_code": referral_code_of(request) if form.is_bound else None,
    }
    status = 422 if form.is_bound else 200
    answer = render(request, "petitions/sign.html", context, status=status)
    return named(answer, petition.campaign, PageViews.Page.SIGN)


def _post_again(request, signature, email):
    examined = examine(
        request,
        Signature,
        email=email,
        name=signature.shown_name,
        city=signature.city,
    )
    return signature.post_again(
        email,
        held_for=examined.reason,
        name_found=examined.verdict.reason,
        network_hash=networks_of(request).hash,
    )


confirming = Confirming(Signature, "petitions", _post_again)


@read_only
def thanks(request, slug):
    """What an action did, and the next step; by name, for whom this browser knows."""
    petition = _petition(slug)
    return _what_it_did(request, petition, browser.supporter_of(request))


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def own(request, slug, key):
    """The same, by the link in a signer's mail, which may have been forwarded.

    A browser that has not confirmed the address sees what the mail says. The button
    mails its owner the way to the rest.
    """
    petition = _petition(slug)
    mailed = own_page.signature_of(petition, key)
    if mailed is None:
        gone = "petitions/nothing_of_ones_own.html"
        return error_page(request, 410, gone, campaign=petition.campaign)
    owner = mailed.confirmation.supporter
    if request.method == "POST":
        return request_visit(request, owner, leads_to=request.path)
    known = browser.supporter_of(request)
    if known == owner:
        return _what_it_did(request, petition, known)
    return _what_it_did(request, petition, None, mailed=mailed)


def _what_it_did(request, petition, supporter, mailed=None):
    """The page of what an action did.

    `mailed` is the signature that a mail's link is about, for whoever has the link.
    """
    own = petition.signatures.of_supporter(supporter) if supporter else None
    newest = own and own.confirmed_newest().first()
    stands_for_nothing = bool(newest and not newest.signer.counted_signature)
    is_invalidated = bool(stands_for_nothing and newest.invalidation_id)
    return render(
        request,
        "petitions/thanks.html",
        {
            "petition": petition,
            "campaign": petition.campaign,
            "beside": Beside(petition.campaign),
            "supporter": supporter,
            "signature": newest and newest.signer.counted_signature,
            "is_invalidated": is_invalidated,
            "is_one_too_many": stands_for_nothing and not is_invalidated,
            "mailed": mailed if mailed and mailed.counted else None,
            "has_signed": "signed" in request.GET,
        },
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request, slug, key):
    """Take one's name back, by a button on the page that the mail links."""
    signature = (
        Signature.objects.select_related("petition__campaign")
        .filter(withdrawal_key=key, petition__campaign__slug=slug)
        .first()
    )
    if signature is None:
        return error_page(request, 410, "petitions/nothing_to_withdraw.html")
    localize([signature.petition.campaign])
    if request.method == "POST":
        signature.withdraw()
    return render(
        request,
        "petitions/withdrawal.html",
        {"signature": signature, "campaign": signature.petition.campaign},
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def sign_next(request, slug, key):
    """Sign what a mail about another campaign proposes, by one button.

    The key in the mail proves the mailbox, so nothing has to be confirmed again. Mails
    are passed on: only its owner's browser gets the form filled in. Any other sees
    nothing of its owner, and the button signs without showing the name.
    """
    petition = _petition(slug)
    follow = invited_by(key, petition.campaign)
    if follow is None and not petition.is_open:
        return _closed(request, petition, NextForm(known=None))
    if follow is None:
        return error_page(
            request, 410, "petitions/nothing_to_sign.html", campaign=petition.campaign
        )
    signer = KnownSigner(follow.supporter, petition)
    is_owner = browser.supporter_of(request) == follow.supporter
    known = signer.last if is_owner else None
    posted = request.POST if request.method == "POST" else None
    is_pressed = bool(posted and browser.KNOWN_FIELD in posted and signer.last)
    if is_pressed:
        posted = signer.fill_in_unseen(posted)
    form = NextForm(posted, known=known)
    # What was filled in unseen comes back on no page.
    shown = NextForm(None, known=known) if is_pressed else form
    if not petition.is_open:
        return _closed(request, petition, shown)
    if form.is_bound and form.is_valid():
        try:
            signature = _sign(request, petition, form, proven=follow.supporter)
        except PetitionClosed:
            return _closed(request, petition, shown)
        # It sets no cookie: the mail may have been passed on, and signs this one
        # petition.
        says_so = "?signed" if signature.signer.counted_signature else ""
        return redirect(signature.done_url + says_so)
    context = {
        "petition": petition,
        "campaign": petition.campaign,
        "email": follow.supporter.email if is_owner else "",
        "is_button": signer.last and not (is_owner or form.is_bound),
        "form": shown,
    }
    status = 422 if form.is_bound else 200
    return render(request, "petitions/sign_next.html", context, status=status)


def _petition(slug, petitions=WITH_CAMPAIGN):
    """The petition of a public campaign, as it is now."""
    petition = get_object_or_404(
        petitions,
        campaign__slug=slug_here(slug),
    )
    if not petition.campaign.is_published:
        raise Http404
    localize([petition.campaign])
    return petition


def _sign(request, petition, form, proven=None):
    typed = form.cleaned_data
    email = typed.get("email") or proven.email
    examined = examine(
        request,
        Signature,
        email=email,
        name=typed["shown_name"],
        city=typed["city"],
        is_trapped=form.is_trapped,
    )
    return petition.sign(
        name=typed["name"],
        email=email,
        city=typed["city"],
        country=typed["country"],
        shown_as=typed["shown_as"],
        shown_name=typed["shown_name"],
        consents=form.consents(petition),
        language=get_language(),
        page=request.path,
        held_for=examined.reason,
        name_found=examined.verdict.reason,
        network_hash=networks_of(request).hash,
        hears_outcome=typed["hears_outcome"],
        proven=proven,
        referral_code=referral_code_of(request),
    )


def _closed(request, petition, form):
    """Why nobody can sign now, and what one can do; it gives back what was typed."""
    campaign = petition.campaign
    return error_page(
        request,
        409 if campaign.is_open else 410,
        "petitions/closed.html",
        campaign=campaign,
        petition=petition,
        typed=typed_in(form) if form.is_bound else [],
    )
