from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.accounts.models import LastSuperuser, User

# allauth registers these: a list of addresses that we do not use, and the keys
# themselves.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = ["username", "email", "is_staff", "is_superuser", "second_factor"]
    actions = ["remove_second_factor"]
    readonly_fields = ["second_factor", "sessions"]

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        return super().get_queryset(request).annotate(with_factor=Exists(factors))

    def has_add_permission(self, request):
        """Superusers alone: whoever may change accounts could make theirs one."""
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser

    def get_deleted_objects(self, objs, request):
        User.objects.filter(pk__in=[user.pk for user in objs]).may_go()
        return super().get_deleted_objects(objs, request)

    def changelist_view(self, request, extra_context=None):
        view = super().changelist_view
        return self._unless_last(request, lambda: view(request, extra_context))

    def delete_view(self, request, object_id, extra_context=None):
        view = super().delete_view
        return self._unless_last(
            request, lambda: view(request, object_id, extra_context)
        )

    def _unless_last(self, request, view):
        """The view's answer; or a sentence, when the last superuser would go."""
        try:
            with transaction.atomic():
                return view()
        except LastSuperuser as refusal:
            request.rows_changed = 0
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect("admin:staff_user_changelist")

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

    @admin.action(description=_("Remove the second factor and end all sessions"))
    def remove_second_factor(self, request, users):
        """For staff who have lost phone, passkey and codes. Talk to them first."""
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
