"""Which mails come to one person, how often, and in which language."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from outbox.purposes import stoppable_purposes
from pages.errors import error_page
from supporters.acts import refusals
from supporters.follow.models import Follow
from supporters.forms import FrequencyForm, LanguageForm
from supporters.my_page.access import for_visitor
from supporters.my_page.page import back


@require_POST
@for_visitor
def mails(request, visit):
    """Stop all mails but those that are asked for each time.

    Or send those of one purpose again, which were stopped before, also by a spam
    report.
    """
    if purpose := request.POST.get("resume"):
        if purpose not in stoppable_purposes():
            return error_page(request, 400)
        visit.supporter.resume(purpose)
        refusals.write_again(visit.supporter.email)
        return back(visit, "resumed")
    visit.supporter.unsubscribe()
    return back(visit, "mails")


@require_POST
@for_visitor
def follow(request, visit, pk):
    """How often mail of a follow comes, or not at all."""
    mine = Follow.objects.of_supporter(visit.supporter).for_my_page()
    found = get_object_or_404(mine, pk=pk)
    form = FrequencyForm(request.POST)
    if "stop" in request.POST:
        found.stop()
        return back(visit, "stopped")
    if "resume" in request.POST:
        found.resume(page="/mine/")
    elif form.is_valid():
        found.change_frequency(form.cleaned_data["frequency"])
    else:
        return error_page(request, 400)
    return back(visit, "often")


@require_POST
@for_visitor
def language(request, visit):
    """The language of whatever is mailed from now on."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return error_page(request, 400)
    visit.supporter.choose_language(form.cleaned_data["language"])
    return back(visit, "language")
