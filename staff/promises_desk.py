"""The desk's page of what we have promised, and of what waits for it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from staff import reach
from staff.promises import MOST_COUNTED, PERSON, SITE, promised_to

HEADINGS = {PERSON: _("What staff do"), SITE: _("What the site does automatically")}


@require_safe
def promises(request):
    """Each promise of this person's: how much waits, when it is due, what is late."""
    if not reach.works_for_the_site(request.user):
        raise PermissionDenied
    promised = promised_to(request.user)
    context = {
        **admin.site.frame(request),
        "title": gettext("What we have promised"),
        "groups": [
            (
                heading,
                [each for each in promised if each.promise.is_kept_by(keeper)],
            )
            for keeper, heading in HEADINGS.items()
        ],
        "elsewhere": [each.promise for each in promised if not each.promise.rows],
        "most": MOST_COUNTED,
    }
    return TemplateResponse(request, "admin/promises.html", context)


urlpatterns = [path("", admin.site.admin_view(promises, about=""), name="promises")]
