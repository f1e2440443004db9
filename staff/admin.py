from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.models import Act, Alert, User

# allauth registers these: a list of addresses we do not use, and the keys themselves.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = ["username", "email", "is_staff", "is_superuser", "second_factor"]
    actions = ["remove_second_factor"]
    readonly_fields = ["second_factor", "sessions"]

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        return super().get_queryset(request).annotate(with_factor=Exists(factors))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return [*fieldsets, (_("Sign-in"), {"fields": ["second_factor", "sessions"]})]

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user):
        return user.with_factor

    @admin.display(description=_("sessions"))
    def sessions(self, user):
        address = reverse("account_sign_ins_of", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, _("see and end them"))

    @admin.action(description=_("Remove the second factor, and end all sessions"))
    def remove_second_factor(self, request, users):
        """For who has lost phone, passkey and codes. Ask them first, by voice."""
        if not request.user.is_superuser:
            self.message_user(request, _("Superusers only."), messages.ERROR)
            return
        removed = sum(user.remove_second_factor() for user in users)
        said = ngettext(
            "The second factor of %d user removed.",
            "The second factors of %d users removed.",
            removed,
        )
        self.message_user(request, said % removed, messages.SUCCESS)


@admin.register(Act)
class ActAdmin(admin.ModelAdmin):
    """The audit trail: to read, for superusers alone."""

    list_display = ["at", "username", "kind", "action", "model", "count"]
    list_display_links = ["at"]
    list_filter = ["kind", "username", "model"]
    date_hierarchy = None
    show_full_result_count = False
    fields = readonly_fields = [
        "at",
        "username",
        "kind",
        "action",
        "model",
        "rows",
        "count",
        "page",
    ]

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural.capitalize()}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("rows"))
    def rows(self, act):
        return ", ".join(act.keys) or "–"


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    """What people were asked to look at; for all who work here."""

    list_display = ["words", "at", "look", "closed_at", "closed_by"]
    list_select_related = ["closed_by"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    show_full_result_count = False
    actions = ["close"]

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("where to look"))
    def look(self, alert):
        return format_html('<a href="{}">{}</a>', alert.page, _("Look at it"))

    @admin.action(description=_("Close: somebody has looked at it"))
    def close(self, request, alerts):
        closed = alerts.close(by=request.user)
        said = ngettext("%d alert closed.", "%d alerts closed.", closed)
        self.message_user(request, said % closed, messages.SUCCESS)
