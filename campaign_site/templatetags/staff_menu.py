from django import template

from campaign_site.menu import parts_for

register = template.Library()


@register.inclusion_tag("admin/menu.html", takes_context=True)
def staff_menu(context):
    """The menu of the staff site, for whoever looks at this page."""
    parts = parts_for(context["request"])
    here = next((part for part in parts if part.is_here), None)
    return {"parts": parts, "here": here, "site_url": context.get("site_url")}
