from django import template

from staff.waiting import waiting_for

register = template.Library()


@register.simple_tag(takes_context=True)
def what_waits(context):
    """What waits for whoever looks at this page."""
    return waiting_for(context["request"].user)
