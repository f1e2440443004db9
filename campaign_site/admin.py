"""The admin as staff meet it. Each app registers its own models."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

# The admin's own form asks for no second factor and knows no limit: staff/urls.py has
# the ways in.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Campaigns and moderation")
