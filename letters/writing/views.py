from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from campaigns.beside import Beside
from campaigns.models import Campaign, PageViews
from campaigns.models.address import slug_here
from campaigns.models.text import localize
from campaigns.page_views import named
from letters.suggested.models import SuggestedLetter
from letters.suggested.start import Start
from letters.writing.composer import OWN_WAYS, Composer
from letters.writing.doubt import is_very_short
from letters.writing.forms import LetterForm
from letters.writing.letters import LetterClosed, TooManyLetters
from letters.writing.models import Letter
from letters.writing.reported import ReportedLetter
from pages.errors import error_page
from pages.framed import framed, is_framed
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.same_origin import public_act_form, public_form
from safeguards.counters import DAY, Limit, hit
from safeguards.network import PageVisitor
from supporters.acts.confirming import Confirming
from supporters.acts.holding import reason_to_hold, what_holds
from supporters.my_page import browser

# This is for others: a confirmed address is counted once for ever (ReportedLetter).
REPORTS = Limit(
    "reported letters",
    of=PageVisitor,
    window=DAY,
    setting="LIMIT_REPORTED_LETTERS_A_DAY",
)
RECIPIENTS_A_PAGE = 100


@public_act_form
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request, slug):
    """Write the letter: preview it, have it sent, take it along, say it was sent."""
    suggested = _suggested(slug)
    answer = _write(request, suggested)
    return named(answer, suggested.campaign, PageViews.Page.LETTER)


embedded = framed(public_page(letter))


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request, slug):
    """Write thanks to officials who support what the campaign asks."""
    suggested = _suggested(slug)
    if not suggested.has_thanks:
        raise Http404
    return _write(request, suggested, is_thanks=True)


def _post_again(request, letter, email):
    held_for = _reason_to_hold(
        request,
        email=email,
        name=letter.name,
        place=letter.place,
        subject=letter.subject,
        text=letter.text,
        may_be_short=bool(letter.text_digest) or letter.is_thanks,
    )
    return letter.post_again(email, held_for=held_for)


confirming = Confirming(Letter, "letters", _post_again)


@public_page
@read_only
def recipients(request, slug, number=1):
    """All to whom the letter goes, in pages."""
    suggested = _suggested(slug)
    start = Start(suggested)
    try:
        page = Paginator(start.reachable, RECIPIENTS_A_PAGE).page(number)
    except EmptyPage:
        raise Http404 from None
    context = {
        "campaign": suggested.campaign,
        "letter": suggested,
        "page": page,
        "is_all": start.goes_to_all,
    }
    return render(request, "letters/recipients.html", context)


@read_only
def sent(request, slug):
    """What an action did, for whoever has just told us that they sent it themselves."""
    suggested = _suggested(slug)
    return render(
        request,
        "letters/sent.html",
        {
            "campaign": suggested.campaign,
            "beside": Beside(suggested.campaign),
            "supporter": browser.supporter_of(request),
            "sent_by_self": True,
            "count": suggested.sent_count(),
        },
    )


def _suggested(slug):
    suggested = get_object_or_404(
        SuggestedLetter.objects.select_related("campaign", "recipient_list"),
        campaign__in=Campaign.objects.published(),
        campaign__slug=slug_here(slug),
    )
    localize([suggested.campaign])
    return suggested


def _write(request, suggested, *, is_thanks=False):
    if not suggested.campaign.is_open:
        return _closed(request, suggested)
    if request.method != "POST":
        return _page(request, _empty_form(request, suggested, is_thanks))
    if "sent" in request.POST and not is_thanks:
        if request.POST.get("way") in OWN_WAYS:
            return _report_sent(request, suggested)
        return _not_sent(request, suggested)
    return _written(request, suggested, is_thanks)


def _written(request, suggested, is_thanks):
    """Do what was asked with what was typed: send it, take it along, or show it."""
    for_sending = "send" in request.POST
    start = Start(suggested, is_thanks=is_thanks)
    form = LetterForm(start, request.POST, for_sending=for_sending)
    if start.is_for_nobody:
        return _page(request, form, status=409)
    if not (for_sending or "draft" in request.POST):
        return _page(request, form, status=200 if form.is_good else 422)
    if form.refuse_unsigned():
        return _page(request, form, status=422)
    return _send(request, form) if for_sending else _draft(request, form)


def _empty_form(request, suggested, is_thanks):
    start = Start(suggested, is_thanks=is_thanks)
    supporter = browser.supporter_of(request)
    return LetterForm.for_known(start, supporter) if supporter else LetterForm(start)


def _page(request, form, status=200):
    composer = Composer(form, is_framed=is_framed(request))
    return render(
        request,
        "letters/letter.html",
        {"composer": composer, "campaign": composer.campaign, "form": form},
        status=status,
    )


def _draft(request, form):
    """The letter as a file, in one of its further languages if that was chosen."""
    envelope, name = form.envelope, "letter.eml"
    for further in Composer(form).others:
        if further.language == request.POST["draft"]:
            envelope, name = further.envelope, f"letter-{further.language}.eml"
    return HttpResponse(
        envelope.as_draft(),
        content_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _send(request, form):
    typed = form.cleaned_data
    try:
        written = Letter.objects.write(
            form.suggested,
            name=typed["name"],
            place=typed["place"],
            email=typed["email"],
            subject=typed["subject"],
            text=form.text_to_send,
            consents=form.consents(),
            language=get_language(),
            page=request.path,
            proven=browser.supporter_of(request),
            is_thanks=form.start.is_thanks,
            text_digest=form.text_digest,
            written_in=form.start.words.language,
            in_languages=form.in_languages,
            held_for=_reason_to_hold(
                request,
                email=typed["email"],
                name=typed["name"],
                place=typed["place"],
                subject=typed["subject"],
                text=form.text_to_send,
                may_be_short=bool(form.text_digest) or form.start.is_thanks,
                is_trapped=form.is_trapped,
            ),
        )
    except LetterClosed:
        return _closed(request, form.suggested)
    except TooManyLetters:
        form.refuse_as_too_many()
        return _page(request, form, status=422)
    if is_framed(request):
        return redirect("letters:embedded-inbox", slug=form.suggested.campaign.slug)
    return redirect(written.done_url if written.confirmed_at else written.inbox_url)


def _reason_to_hold(request, *, place, subject, text, may_be_short, **known):
    """Why a letter waits as a whole, also because of words in its subject, or since it
    has hardly any. What is as suggested, and thanks, may be short."""
    reason = reason_to_hold(
        request,
        Letter,
        city=place,
        text=f"{subject}\n{text}",
        is_letter=True,
        **known,
    )
    is_short = is_very_short(text, name=known["name"], place=place)
    return what_holds(reason, "short" if is_short and not may_be_short else "")


def _not_sent(request, suggested):
    """Say that “Yes, count my letter” cannot count what we were to send.

    What was typed is kept.
    """
    form = LetterForm(Start(suggested), request.POST)
    if not form.start.is_for_nobody:
        form.refuse_as_not_sent()
    return _page(request, form, status=422)


def _report_sent(request, suggested):
    supporter = browser.supporter_of(request)
    if supporter is None and hit(REPORTS(PageVisitor.of(request))):
        return redirect("letters:sent", slug=suggested.campaign.slug)
    is_held = bool(reason_to_hold(request, Letter, email=""))
    ReportedLetter.objects.report(suggested, supporter=supporter, held=is_held)
    return redirect("letters:sent", slug=suggested.campaign.slug)


def _closed(request, suggested):
    """The campaign has ended; a letter that was typed before is given back."""
    typed = None
    if "body" in request.POST:
        typed = LetterForm(Start(suggested), request.POST).typed
    return error_page(
        request, 410, "letters/closed.html", campaign=suggested.campaign, typed=typed
    )
