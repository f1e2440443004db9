"""Following by email: the form, the thanks, and the page that stops the mails."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.published import published_campaign
from pages.errors import error_page
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.same_origin import public_act_form
from supporters.acts.confirming import Confirming
from supporters.acts.holding import reason_to_hold
from supporters.acts.same_browser import to_inbox
from supporters.follow.models import Follow
from supporters.forms import FollowForm, FrequencyForm
from supporters.my_page import browser


def _post_again(request, follow, email):
    held_for = reason_to_hold(request, Follow, email=email)
    return follow.post_again(email, held_for=held_for)


confirming = Confirming(Follow, "supporters/follows", _post_again)


@public_page
@public_act_form
@require_http_methods(["GET", "HEAD", "POST"])
def follows(request, slug=None):
    """The form on a page of its own; a good POST leads to the inbox."""
    campaign = published_campaign(slug) if slug else None
    form = FollowForm(
        browser.fill_in_address(request) if request.method == "POST" else None,
        campaign=campaign,
    )
    if form.is_bound and form.is_valid():
        follow = _follow(request, form)
        if follow.is_active:
            return redirect(follow.done_url)
        return to_inbox(request, follow)
    return render(
        request,
        "supporters/follows/follow.html",
        {"campaign": campaign, "form": form},
        status=422 if form.is_bound else 200,
    )


@read_only
def thanks(request, key):
    """Says that you follow, what comes, and how to stop it."""
    return render(request, "supporters/follows/thanks.html", _context(key))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request, key):
    """Buttons that stop it, start it again, or change how often it comes.

    Mail programs post here as well (RFC 8058), and from no page of ours. The key guards
    this page.
    """
    return _cancellation(request, key, Follow.stop, is_all=False)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation_of_all(request, key):
    """The same for a mail that came for several follows: it stops all of them."""
    return _cancellation(request, key, Follow.stop_all, is_all=True)


def _cancellation(request, key, stop, *, is_all):
    follow = Follow.objects.select_related("campaign").filter(key=key).first()
    if follow is None:
        return error_page(request, 410, "supporters/follows/gone.html")
    if request.method == "POST":
        form = FrequencyForm(request.POST)
        if "resume" in request.POST:
            follow.resume(page="/follows/")
        elif form.is_valid():
            follow.change_frequency(form.cleaned_data["frequency"])
        else:
            stop(follow)
    active = Follow.objects.of_supporter(follow.supporter_id).active()
    others = active.exclude(pk=follow.pk).select_related("campaign")
    context = {
        "follow": follow,
        "campaign": follow.campaign,
        "is_all": is_all,
        "others": others,
        "follows_all": any(other.campaign_id is None for other in others),
        "form": FrequencyForm(initial={"frequency": follow.frequency}),
        "has_changed": request.method == "POST" and follow.is_active,
    }
    return render(request, "supporters/follows/cancellation.html", context)


def _context(key):
    follow = get_object_or_404(Follow.objects.select_related("campaign"), key=key)
    return {"follow": follow, "campaign": follow.campaign}


def _follow(request, form):
    typed = form.cleaned_data
    proven = browser.supporter_of(request)
    return Follow.objects.follow(
        email=typed["email"],
        campaign=form.campaign,
        frequency=typed["frequency"],
        consents=form.consents(),
        language=get_language(),
        page=request.path,
        held_for=reason_to_hold(
            request, Follow, email=typed["email"], is_trapped=form.is_trapped
        ),
        proven=proven if proven and proven.email == typed["email"] else None,
    )
