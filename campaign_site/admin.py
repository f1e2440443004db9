"""The admin of what belongs to no app, or to several; apps register their own."""

import procrastinate.contrib.django.admin
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from branding.site import the_site
from campaign_site import branding_admin, group_admin, team_admin
from campaign_site.backups import backups_admin

__all__ = ["backups_admin", "branding_admin", "group_admin", "team_admin"]

# The admin's own form asks for no second factor and has no limit; staff/urls.py has the
# pages for signing in.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = lazy(lambda: the_site().name, str)()
admin.site.site_title = admin.site.site_header
admin.site.index_title = _("To do")

# Its pages are for developers; `manage.py procrastinate shell` shows the same.
admin.site.unregister(procrastinate.contrib.django.admin.models.ProcrastinateJob)
