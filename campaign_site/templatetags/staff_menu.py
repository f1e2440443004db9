from django import template

from campaign_site.menu import parts_for

register = template.Library()


@register.inclusion_tag("admin/menu.html", takes_context=True)
def staff_menu(context):
    """The menu of the staff site, for whoever looks at this page."""
    parts = parts_for(context["request"])
    return {"parts": parts, "here": next((p for p in parts if p.is_here), None)}
