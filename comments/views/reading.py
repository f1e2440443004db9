"""What readers see: pages of the thread, a conversation, the feed, the rules."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.feedgenerator import Atom1Feed

from campaigns.models import PageViews
from campaigns.page_views import named
from campaigns.published import published_campaign
from comments import numbers
from comments.feed import feed_of
from comments.pagination import (
    NEWEST,
    OLDEST,
    OWN_LANGUAGE,
    ConversationPage,
    ThreadPage,
    page_of,
)
from comments.reasons import HIDING_REASONS
from comments.views.finding import visible_comment
from pages.page_cache import public_page
from pages.read_only import read_only


@public_page
@read_only
def thread(request, slug, number=1):
    """A page of conversations, the oldest first."""
    return _thread(request, slug, number, OLDEST)


@public_page
@read_only
def newest(request, slug, number=1):
    """A page of conversations, the newest first."""
    return _thread(request, slug, number, NEWEST)


@public_page
@read_only
def own_language(request, slug, number=1):
    """A page of conversations, those in the language of the page first."""
    return _thread(request, slug, number, OWN_LANGUAGE)


@read_only
def comment(request, slug, pk):
    """The permalink, which leads to the page of the comment and marks it there."""
    return redirect(page_of(visible_comment(slug, pk)))


@public_page
@read_only
def conversation(request, slug, pk, number=1):
    """One conversation with all its replies, in pages."""
    root = visible_comment(slug, pk)
    if root.root_id is not None:
        raise Http404
    page = ConversationPage(root, number)
    context = {"campaign": root.campaign, "page": page, "root": root}
    # What is removed or hidden has no words to reply to.
    context["parent"] = root if root.is_shown else None
    answer = render(request, "comments/conversation.html", context)
    return named(answer, root.campaign, PageViews.Page.COMMENTS)


@public_page
@read_only
def feed(request, slug):
    """The newest comments as an Atom feed (RFC 4287)."""
    campaign = published_campaign(slug)
    atom = feed_of(campaign, request.path)
    return HttpResponse(atom.writeString("utf-8"), content_type=Atom1Feed.content_type)


@public_page
@read_only
def rules(request):
    """What is shown and what is not, who decides, and what was decided."""
    return render(
        request,
        "comments/rules.html",
        {
            "months": numbers.by_month(),
            "reasons": [
                words for key, words in HIDING_REASONS.items() if key != "other"
            ],
            "edit_minutes": settings.COMMENT_EDIT_MINUTES,
            "spam_days": settings.KEEP_SPAM_DAYS,
        },
    )


def _thread(request, slug, number, order):
    campaign = published_campaign(slug)
    context = {"campaign": campaign, "page": ThreadPage(campaign, number, order)}
    answer = render(request, "comments/thread.html", context)
    return named(answer, campaign, PageViews.Page.COMMENTS)
