"""The staff site's page of all lists, for what no other page offers."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign_site.menu import all_parts


@require_safe
def advanced(request):
    """Every page and list that this person may open, by its section of the menu."""
    context = {
        **admin.site.frame(request),
        "title": _("All lists"),
        "parts": all_parts(request),
    }
    return TemplateResponse(request, "admin/advanced.html", context)


urlpatterns = [path("", admin.site.admin_view(advanced, about=""), name="advanced")]
