"""The writer's page about what became of a letter, and what they do there."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from campaigns.beside import Beside
from letters.officials.answers import OfficialAnswer
from letters.officials.mails import AnswerToWriter
from letters.receipt.follow_up import FollowUp, NotOffered, TextChanged
from letters.receipt.forms import AnswerForm
from letters.sending.state import same_wait
from letters.writing.letters import TooManyLetters
from letters.writing.models import Letter
from pages.errors import error_page
from pages.read_only import read_only
from pages.same_origin import public_form
from supporters.my_page import browser

DELIVERIES_A_PAGE = 30


@read_only
def receipt(request, slug, key):
    """What became of a letter, for its writer: each recipient's state, and the text."""
    return _receipt(request, _letter(slug, key))


@public_form
@require_POST
def answer(request, slug, key, delivery):
    """The writer says whether an official answered, and what."""
    written = _letter(slug, key)
    found = get_object_or_404(written.deliveries, pk=delivery)
    form = AnswerForm(request.POST, delivery=found)
    if not form.is_valid():
        return _receipt(request, written, failed=(found.pk, form), status=422)
    found.note_answer(**form.cleaned_data)
    return redirect(written.done_url)


@public_form
@require_POST
def follow_up(request, slug, key):
    """The writer reminds, once, officials who have not answered."""
    written = _letter(slug, key)
    if not written.campaign.is_open:
        context = {"campaign": written.campaign, "typed": None}
        return error_page(request, 410, "letters/closed.html", **context)
    refusal = None
    try:
        FollowUp(written).send(seen=request.POST.get("seen", ""), page=request.path)
    except NotOffered:
        refusal = gettext("We sent nothing. There is nobody to remind now.")
    except TextChanged:
        refusal = gettext("The text has changed. Read it again before you send it.")
    except TooManyLetters:
        refusal = gettext("You have sent enough letters today. Send this one tomorrow.")
    if refusal:
        return _receipt(request, written, refusal=refusal, status=409)
    return redirect(f"{written.done_url}#follow-up")


def _letter(slug, key):
    return get_object_or_404(
        Letter.objects.confirmed().select_related(
            "suggested_letter__campaign",
            "suggested_letter__recipient_list",
            "confirmation__supporter",
            "follow_up",
        ),
        follow_of=None,
        receipt_key=key,
        suggested_letter__campaign__slug=slug,
    )


def _receipt(request, written, *, failed=(None, None), refusal="", status=200):
    pk, form = failed
    owner = written.confirmation and written.confirmation.supporter
    deliveries = written.deliveries.select_related(
        "mail",
        "recipient__list",
        "follow_up__mail",
        "follow_up__recipient__list",
        "follow_up__letter__suggested_letter__campaign",
    ).order_by("pk")
    number = request.GET.get("page")
    if pk:  # a form came back: this is its page
        number = 1 + deliveries.filter(pk__lt=pk).count() // DELIVERIES_A_PAGE
    page = Paginator(deliveries, DELIVERIES_A_PAGE).get_page(number)
    for delivery in page:
        delivery.form = form if delivery.pk == pk else AnswerForm(delivery=delivery)
    _quote_answers(written, page)
    waits = any(delivery.settled_at is None for delivery in page)
    if page.has_other_pages():
        waits = waits or written.deliveries.filter(settled_at=None).exists()
    elif not any(delivery.may_be_answered for delivery in page):
        # None has arrived, so there is nobody to remind, and nothing to look up.
        written.unanswered = []
    return render(
        request,
        "letters/receipt.html",
        {
            "letter": written,
            "confirmed_letter": written,
            "campaign": written.campaign,
            "beside": Beside(written.campaign),
            # What is not of the letter shows only in the owner's browser.
            "supporter": owner if browser.supporter_of(request) == owner else None,
            "page": page,
            "is_on_its_way": waits,
            "same_for_all": same_wait(page) if len(page) > 1 else "",
            "meanings": _meanings(page),
            "next_step": FollowUp(written),
            "gets_no_answer": owner and owner.refuses(AnswerToWriter.name),
            "refusal": refusal,
            "form": form,
            "days": settings.KEEP_LETTER_TEXT_DAYS,
        },
        status=status,
    )


def _quote_answers(written, page):
    """Let deliveries on this page have the answer to everybody who wrote."""
    answered = {d.recipient_id: d for d in page if d.answered_to_all}
    if answered:
        answers = OfficialAnswer.objects.published()
        of_letter = answers.filter(letter=written.suggested_letter)
        for answer in of_letter.filter(recipient__in=answered):
            answered[answer.recipient_id].answer = answer


def _meanings(page):
    """What the words of the states on this page mean, each once."""
    shown = [delivery.state for delivery in page]
    shown += [d.follow_up.state for d in page if hasattr(d, "follow_up")]
    return list(dict.fromkeys(filter(None, (state.meaning for state in shown))))
