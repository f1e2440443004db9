from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.accounts.models import LastSuperuser, User
from staff.accounts.permission_words import PermissionsInWords
from staff.forms import NewAccountForm

# allauth registers these: a list of addresses that we do not use, and the keys
# themselves.
admin.site.unregister([EmailAddress, Authenticator])


class PasswordOfAnotherForm(AdminPasswordChangeForm):
    """A new password for somebody, without Django's offer to have none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


@admin.register(User)
class StaffAdmin(PermissionsInWords, UserAdmin):
    list_display = [
        *("username", "email", "may_sign_in", "is_superuser", "second_factor"),
    ]
    list_filter = ["is_active", "is_superuser", "groups"]
    actions = ["remove_second_factor"]
    filter_horizontal = ["user_permissions"]
    readonly_fields = [
        "new_password",
        "second_factor",
        "last_login",
        "date_joined",
    ]
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (
            _("What they may do"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups"]},
        ),
        (
            _("More than their roles allow"),
            {"classes": ["collapse"], "fields": ["user_permissions"]},
        ),
        (
            _("Sign-in"),
            {
                "fields": [
                    "new_password",
                    "second_factor",
                    "last_login",
                    "date_joined",
                ]
            },
        ),
    ]
    add_form = NewAccountForm
    add_form_template = None
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "description": format_lazy(
                    '{} <a href="{}">{}</a>',
                    _(
                        "You can also invite somebody by email. They then choose "
                        "their username and password themselves."
                    ),
                    reverse_lazy("admin:staff_invitation_add"),
                    _("Invite somebody"),
                ),
                "fields": ["username", "password1", "password2"],
            },
        )
    ]
    change_password_form = PasswordOfAnotherForm
    change_user_password_template = "admin/staff/new_password.html"

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
            request.audit.undone()
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect("admin:staff_user_changelist")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.help_text = ""
        if db_field.name == "groups":
            field.label = _("Roles for all campaigns")
        return field

    @admin.display(description=_("may sign in"), boolean=True)
    def may_sign_in(self, user):
        return user.is_active and user.is_staff

    @admin.display(description=_("password"))
    def new_password(self, user):
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, _("choose a new one"))

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user):
        return user.with_factor

    def has_administrator_permission(self, request):
        return request.user.is_superuser

    @admin.action(
        description=_("Remove the second factor and sign out everywhere"),
        permissions=["administrator"],
    )
    def remove_second_factor(self, request, users):
        """For staff who have lost phone, passkey and codes. Talk to them first."""
        removed = sum(user.remove_second_factor() for user in users)
        said = ngettext(
            "The second factor of %d user is removed.",
            "The second factors of %d users are removed.",
            removed,
        )
        self.message_user(request, said % removed, messages.SUCCESS)
