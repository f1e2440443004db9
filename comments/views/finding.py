"""The rows that the views of comments look up, or a 404."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign
from campaigns.models.address import slug_here
from campaigns.models.text import localize
from campaigns.published import published_campaign
from comments.models.comment import Comment
from comments.models.thread import Thread
from supporters.acts.finding import by_page_token


def published_thread(slug):
    """The thread of a published campaign, in one statement."""
    campaign = get_object_or_404(
        Campaign.objects.published().select_related("thread"),
        slug=slug_here(slug),
    )
    localize([campaign])
    thread = getattr(campaign, "thread", None) or Thread()
    thread.campaign = campaign
    return thread


def visible_comment(slug, pk):
    """A comment that readers see, with its campaign, root and parent."""
    campaign = published_campaign(slug)
    found = get_object_or_404(
        Comment.objects.visible().filter(campaign=campaign).select_related("root"),
        pk=pk,
    )
    found.campaign = campaign
    if found.root:
        found.root.campaign = campaign
    return found


def comment_of_page(slug, token):
    """The comment whose page after posting has this token."""
    try:
        comment = by_page_token(Comment, token)
    except ObjectDoesNotExist:
        raise Http404 from None
    return _in_place(slug, comment)


def comment_of_writer(slug, key):
    """The comment whose writer's page has this key."""
    found = Comment.objects.select_related("campaign", "confirmation__supporter")
    return _in_place(slug, get_object_or_404(found, mail_key=key))


def _in_place(slug, comment):
    if comment.campaign.slug != slug_here(slug):
        raise Http404
    localize([comment.campaign])
    return comment
