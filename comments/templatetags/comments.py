from django import template
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from comments import numbers
from comments.forms import CommentForm, of_known_browser
from comments.pagination import NewestComments, conversation_url
from comments.text import as_html
from pages.fragments import cached_fragment

register = template.Library()
# From so many minutes on, a wait is told in hours; from so many hours on, in days.
HOURS_FROM, DAYS_FROM = 90, 36


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
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes < HOURS_FROM:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < DAYS_FROM:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.simple_tag
def usual_wait():
    """How long a comment usually waits, in words; empty while we cannot say."""
    wait = numbers.usual_wait()
    return in_words(wait) if wait is not None else ""
