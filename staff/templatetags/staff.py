from django import template
from django.utils.html import format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from staff.waiting import waiting_for

register = template.Library()


@register.simple_tag(takes_context=True)
def what_waits(context):
    """What waits for whoever looks at this page."""
    return waiting_for(context["request"].user)


@register.filter
def labelled(cells, headers):
    """The cells of a row, each with the heading of its column for narrow windows."""
    cells = list(cells)
    for cell, header in zip(cells, headers, strict=False):
        label = format_html(' data-label="{}"', capfirst(strip_tags(header["text"])))
        yield mark_safe(cell.replace(">", f"{label}>", 1))
    # A row that is edited in its list ends with its key.
    yield from cells[len(headers) :]
