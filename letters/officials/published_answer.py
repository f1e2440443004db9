"""The public page of an official's answer to everybody who wrote."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from campaigns.feed import IN_FEED
from campaigns.published import published_campaign
from campaigns.results import Result
from letters.officials.answers import OfficialAnswer
from pages.page_cache import public_page
from pages.read_only import read_only


@public_page
@read_only
def answer_to_all(request, slug, pk):
    """The answer, once published, if the campaign shows who answered."""
    campaign = published_campaign(slug)
    answers = OfficialAnswer.objects.shown().select_related("recipient")
    answer = get_object_or_404(answers, pk=pk, letter__campaign=campaign)
    context = {"campaign": campaign, "answer": answer}
    return render(request, "letters/answer.html", context)


def news(campaign):
    """The newest answers for the campaign's feed, as officials wrote them."""
    answers = OfficialAnswer.objects.shown().filter(letter__campaign=campaign)
    for answer in answers.select_related("recipient", "letter__campaign")[:IN_FEED]:
        title = gettext("The answer from %(who)s") % {"who": answer.recipient.label}
        day = campaign.day_of(answer.written_at)
        yield Result(title, day, answer.text, "", "answer", page=answer.url)
