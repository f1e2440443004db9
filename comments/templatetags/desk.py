from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comments.admin.queue import KINDS, kind_of

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
