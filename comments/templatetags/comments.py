from datetime import timedelta

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timesince import timesince

from comments.forms import CommentForm, of_known_browser
from comments.pagination import NewestComments, conversation_url
from comments.text import as_html
from pages.fragments import cached_fragment

register = template.Library()
A_MINUTE = timedelta(minutes=1)


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comment_thread(context, campaign):
    """The comments on the action page: the newest of the thread, and the form."""
    return {
        "request": context.get("request"),
        "campaign": campaign,
        "page": NewestComments(campaign),
    }


@register.simple_tag(takes_context=True)
def comment_form(context, campaign, parent=None):
    """The form of a comment, or of a reply to the parent; with the name, and without an
    address, if it is known.

    Everybody else gets the same empty form, rendered once for its words.
    """
    request = context.get("request")
    known = request and of_known_browser(request, campaign)
    if known or parent:
        shown = {"slug": campaign.slug, "parent": parent, "is_short": True}
        shown |= known or {"form": CommentForm()}
        return render_to_string("comments/_form.html", shown)
    return cached_fragment(
        "comments/_form.html",
        slug=campaign.slug,
        is_short=True,
        made=lambda: {"form": CommentForm()},
    )


@register.simple_tag
def shown_comment(comment, campaign, is_open):
    """A comment's HTML, rendered once for what it shows."""
    return cached_fragment(
        "comments/_comment.html",
        comment=comment,
        slug=campaign.slug,
        is_open=is_open,
        day=campaign.day_of(comment.created_at),
    )


@register.simple_tag
def conversation_address(comment, campaign):
    return conversation_url(campaign, comment.pk)


register.filter("comment_html", as_html)


@register.filter
def in_words(wait):
    """A timedelta as people say it: "25 minutes", "3 hours", "2 days"."""
    now = timezone.now()
    return timesince(now - max(wait, A_MINUTE), now, depth=1)
