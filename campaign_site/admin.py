"""The admin as staff meet it. Each app registers its own models."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaign_site import limits
from campaign_site.errors import error_page


def throttled(login):
    """Refuse further sign-ins from a network after LIMIT_SIGN_INS in an hour.

    Counted in the database, so that it holds across web processes and restarts.
    """

    @wraps(login)
    def throttled_login(request, extra_context=None):
        if request.method == "POST":
            counter = ("sign-in", limits.network(request), limits.HOUR)
            if limits.hit(counter)[0] > settings.LIMIT_SIGN_INS:
                return error_page(request, 429, wait=limits.HOUR)
        return login(request, extra_context)

    return throttled_login


admin.site.login = throttled(admin.site.login)
admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Campaigns and moderation")
