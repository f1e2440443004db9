from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from comments.models import Comment

register = template.Library()


@register.inclusion_tag("comments/_thread.html")
def comment_thread(campaign):
    """The conversations under a campaign, oldest first."""
    conversations, replies = [], {}
    comments = list(Comment.objects.shown().filter(campaign=campaign).order_by("pk"))
    for comment in comments:
        if comment.root_id is None:
            conversations.append(comment)
        else:
            replies.setdefault(comment.root_id, []).append(comment)
    for comment in conversations:
        comment.shown_replies = replies.get(comment.pk, [])
    return {
        "campaign": campaign,
        "conversations": conversations,
        "total": sum(1 + len(c.shown_replies) for c in conversations),
    }


@register.simple_tag
def shown_comment(comment):
    """A comment's HTML, rendered once for what it shows."""
    shown = (comment.pk, comment.name, comment.text, comment.written_at)
    return _html(get_language(), *shown)


@lru_cache(maxsize=2000)
def _html(language, pk, name, text, written_at):
    comment = Comment(pk=pk, name=name, text=text, written_at=written_at)
    return mark_safe(render_to_string("comments/_comment.html", {"comment": comment}))
