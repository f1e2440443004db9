from itertools import groupby

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comments.admin.queue import KINDS, Queue, kind_of
from comments.moderating import claimed_by
from comments.rules import LIKELY_SPAM, findings_of

register = template.Library()


@register.filter
def kind_pill(comment):
    """What waits about a comment, or its state, as the lists and the desk show it."""
    kind = kind_of(comment)
    return format_html(
        '<span class="mod-state mod-{}">{}</span>', kind, KINDS.get(kind, kind)
    )


@register.simple_tag
def spam_pill():
    words = _("Likely spam")
    return format_html('<span class="mod-state mod-spam">{}</span>', words)


@register.filter
def by_likelihood(comments):
    """A page of the queue in two parts: likely spam comes last."""
    groups = groupby(comments, lambda comment: comment.spam_points >= LIKELY_SPAM)
    return [{"is_spam": is_spam, "comments": list(group)} for is_spam, group in groups]


register.filter("found", findings_of)
register.filter("holder", claimed_by)


@register.simple_tag
def waiting_at_the_desk(user):
    """How many comments wait for a moderator, in the campaigns of this one."""
    return Queue(user).rows.order_by().count()
