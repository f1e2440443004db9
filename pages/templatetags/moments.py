from datetime import datetime

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def iso(moment: datetime | None) -> str:
    """A moment for `<time datetime>`, to the second.

    HTML allows three digits of a second's fraction at most; Django's "c" writes six.
    """
    return moment.isoformat(timespec="seconds") if moment else ""
