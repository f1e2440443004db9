"""The page of a letter that waits for a person, or was rejected, for its writer.

Its text is there, with the other ways to send it. No person has accepted this text, and
mails are forwarded, with the key in them. So the text shows only in a browser that has
confirmed the address; any other reads what happened, and where to write instead.
"""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from letters.suggested.envelope import Envelope
from letters.suggested.start import Start
from letters.writing.further import MOST_SHOWN
from letters.writing.models import Letter
from pages.languages import name_in
from pages.same_origin import public_form
from supporters.acts.undecided import goes_at
from supporters.my_page import browser, entering


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def unsent(request, slug, key):
    """What becomes of it, and how its writer can send it themselves.

    The button proves the mailbox, and leads back here.
    """
    letters = Letter.objects.select_related(
        "suggested_letter__campaign",
        "suggested_letter__recipient_list",
        "confirmation__supporter",
    )
    letter = get_object_or_404(
        letters.filter(follow_of=None, confirmation__replaced_at=None),
        receipt_key=key,
        suggested_letter__campaign__slug=slug,
    )
    if letter.confirmed_at:
        return redirect(letter.done_url)
    owner = letter.confirmation.supporter
    if request.method == "POST":
        return entering.request_visit(request, owner, request.path)
    start = Start(letter.suggested_letter, is_thanks=letter.is_thanks)
    context = {
        "letter": letter,
        "campaign": letter.campaign,
        "is_owner": browser.supporter_of(request) == owner,
        "letters": [_to_send(letter, *each) for each in _readers(letter, start)],
        "recipients": start.reachable,
        "is_cut": len(start.reachable) > MOST_SHOWN,
        "goes_at": _goes_at(letter),
        "waits_for_writer": letter.campaign.is_open and not letter.is_withheld,
    }
    return render(request, "letters/unsent.html", context)


def _readers(letter, start):
    """Each language in which it leaves, with those who get it in that."""
    languages = letter.languages
    reading = {languages.first: []}
    for recipient in start.reachable:
        reading.setdefault(languages.of(recipient), []).append(recipient)
    return reading.items()


def _to_send(letter, language, recipients):
    """It in one language, for a mail program, and whether the list is too long."""
    is_cut = len(recipients) > MOST_SHOWN
    subject, text = letter.languages.for_writer_in(language)
    return {
        "language": language,
        "name": name_in(language),
        "is_cut": is_cut,
        "envelope": Envelope([] if is_cut else recipients, subject, text),
    }


def _goes_at(letter):
    """When it is deleted, unless somebody lets it through."""
    if letter.rejected_at:
        return letter.rejected_at + timedelta(days=settings.KEEP_WITHDRAWN_DAYS)
    return goes_at(letter)
