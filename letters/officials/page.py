"""An official's page: the letters to them, and what they can do about them."""

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
)

from campaigns.local_time import in_words
from campaigns.models.text import localize
from letters.officials import download, reading
from letters.officials.access import for_official, forget
from letters.officials.answers import OfficialAnswer
from letters.officials.by_mail import record_address
from letters.officials.corrections import AddressCorrection
from letters.officials.forms import AnswerToAllForm, NewAddressForm, RhythmForm
from letters.suggested.models import SuggestedLetter
from pages.form_fields import typed_in
from pages.read_only import read_only

# A form that comes back stands one step below its page.
_AGAIN = {"status": 422, "here": "../"}


@read_only
@for_official
def page(request, visit):
    """What people write about, in numbers, and how letters come."""
    return _overview(request, visit.recipient, done=request.GET.get("done", ""))


@read_only
@for_official
def letters(request, visit, pk):
    """One campaign's letters: first personal ones, then those with the same words."""
    return _campaign(request, visit.recipient, pk)


@read_only
@for_official
def writers(request, visit, pk, words):
    """Everybody who sent the same text."""
    found = _letters(visit.recipient, pk)
    page = found.writers_page(words, request.GET.get("page"))
    if not page.paginator.count:
        raise Http404
    campaign = found.suggested.campaign
    context = {"recipient": visit.recipient, "campaign": campaign, "page": page}
    return render(request, "letters/official/writers.html", context)


@read_only
@for_official
def text_file(request, visit, pk):
    """One campaign's letters in one file: the page is no archive."""
    found = _letters(visit.recipient, pk)
    name = f"letters-{found.suggested.campaign.slug}.txt"
    return StreamingHttpResponse(
        (f"{line}\r\n" for line in download.lines(found)),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@for_official
def rhythm(request, visit):
    """How letters come: each one, a mail a day or a week, or none for now."""
    form = RhythmForm(request.POST, recipient=visit.recipient)
    if not form.is_valid():
        return _overview(request, visit.recipient, rhythm_form=form, **_AGAIN)
    visit.recipient.choose_rhythm(form.cleaned_data["rhythm"])
    return _back(visit, "rhythm")


@require_POST
@for_official
def new_address(request, visit):
    """Note a new address; it counts once it is confirmed from there."""
    form = NewAddressForm(request.POST, recipient=visit.recipient)
    if not form.is_valid():
        return _overview(request, visit.recipient, address_form=form, **_AGAIN)
    AddressCorrection.objects.request(
        visit.recipient, form.cleaned_data["email"], rhythm=visit.rhythm
    )
    return _back(visit, "address")


@require_http_methods(["GET", "HEAD", "POST"])
@for_official
def answer(request, visit, pk):
    """One answer to everybody who wrote: shown once more, and then handed in.

    A campaigner looks at it before anybody gets it.
    """
    if request.method != "POST":
        return redirect("letters:official-letters", key=visit.key, pk=pk)
    form = AnswerToAllForm(request.POST, recipient=visit.recipient)
    if not form.is_valid():
        return _campaign(request, visit.recipient, pk, form=form, **_AGAIN)
    found, text = _letters(visit.recipient, pk), form.cleaned_data["text"]
    if "change" in request.POST:
        form = AnswerToAllForm(recipient=visit.recipient, initial={"text": text})
        return _campaign(request, visit.recipient, pk, form=form, here="../")
    if "sure" not in request.POST:
        context = {
            "recipient": visit.recipient,
            "campaign": found.suggested.campaign,
            "shows_answers": found.suggested.shows_answers,
            "answer_form": form,
        }
        return render(request, "letters/official/sending.html", context)
    written = OfficialAnswer.objects.write(found.suggested, visit.recipient, text)
    if written is None:
        form.add_error(None, _("There is already an answer, so we did not take yours."))
        again = {**_AGAIN, "status": 409, "typed": typed_in(form)}
        return _campaign(request, visit.recipient, pk, form=form, **again)
    response = redirect("letters:official-letters", key=visit.key, pk=pk)
    response["Location"] += "#answer"
    return response


@require_POST
@for_official
def leaving(request, visit):
    """Close the page in this browser."""
    visit.delete()
    response = render(request, "letters/official/closed.html")
    forget(response)
    return response


def _overview(request, recipient, *, rhythm_form=None, address_form=None, **options):
    form = rhythm_form or RhythmForm(
        recipient=recipient, initial={"rhythm": recipient.rhythm}
    )
    status = options.pop("status", 200)
    gets_one_mail = recipient.wants_one_mail and recipient.is_reachable
    next_mail_at = recipient.next_mail_at() if gets_one_mail else None
    campaigns = reading.campaigns(recipient)
    localize(shown.suggested.campaign for shown in campaigns)
    context = {
        "recipient": recipient,
        "campaigns": campaigns,
        "rhythm_form": form,
        "address_form": address_form or NewAddressForm(),
        "form": rhythm_form or address_form,
        "days": settings.KEEP_LETTER_TEXT_DAYS,
        "typed": options.get("done") == "address" and recipient.corrections.last(),
        "next_mail": next_mail_at and in_words(next_mail_at, recipient.list.zone),
        **options,
    }
    return render(request, "letters/official/page.html", context, status=status)


def _campaign(request, recipient, pk, *, form=None, status=200, **options):
    found = _letters(recipient, pk)
    context = {
        "recipient": recipient,
        "letters": found,
        "numbers": found.numbers,
        "campaign": found.suggested.campaign,
        "own": found.own_page(request.GET.get("page")),
        "texts": found.texts_page(request.GET.get("texts")),
        "answer": found.answer,
        "record_address": record_address(found.suggested, recipient),
        "answer_form": form or _empty_or_turned_down(found.answer, recipient),
        "form": form,
        "days": settings.KEEP_LETTER_TEXT_DAYS,
        **options,
    }
    return render(request, "letters/official/letters.html", context, status=status)


def _empty_or_turned_down(answer, recipient):
    """The form for an answer, with the words of one that was turned down."""
    words = answer.text if answer and answer.turned_down_at else ""
    return AnswerToAllForm(recipient=recipient, initial={"text": words})


def _letters(recipient, pk):
    """The letters of a campaign in which somebody wrote to this official, or a 404."""
    suggested = SuggestedLetter.objects.select_related("campaign").filter(pk=pk).first()
    if suggested is None:
        raise Http404
    found = reading.OfficialsLetters(recipient, suggested)
    if not found.numbers["number"]:
        raise Http404
    localize([suggested.campaign])
    return found


def _back(visit, done):
    """Lead to the overview, which says what was done."""
    response = redirect("letters:official-page", key=visit.key)
    response["Location"] += f"?done={done}"
    return response
