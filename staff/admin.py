from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.models import Act, Alert, Invitation, LastSuperuser, User, groups_to_give

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

    def has_add_permission(self, request):
        """Superusers alone: whoever may change accounts can make theirs one."""
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
        """What a view answers; a sentence when the last superuser would go."""
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


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Who is asked to work here. Nobody can give more than they hold themselves."""

    list_display = ["email", "group", "invited_by", "asked_at", "state"]
    list_select_related = ["group", "invited_by"]
    list_filter = [("accepted_at", admin.EmptyFieldListFilter)]
    search_fields = ["email"]
    fields = ["email", "group"]
    actions = ["send_again", "revoke"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_foreignkey(self, field, request, **kwargs):
        if field.name == "group":
            kwargs["queryset"] = groups_to_give(request.user)
        return super().formfield_for_foreignkey(field, request, **kwargs)

    def save_model(self, request, invitation, form, change):
        """A new invitation takes the place of those that the address had before."""
        Invitation.objects.filter(email=invitation.email).revoke()
        invitation.invited_by = request.user
        super().save_model(request, invitation, form, change)
        invitation.ask_later()

    @admin.display(description=_("state"))
    def state(self, invitation):
        if invitation.accepted_at:
            return _("accepted")
        if invitation.revoked_at:
            return _("revoked")
        if invitation.expires_at <= timezone.now():
            return _("expired")
        return _("mailed") if invitation.mailed_at else _("mail on its way")

    @admin.action(description=_("Send again, with a new link"), permissions=["add"])
    def send_again(self, request, invitations):
        may_give = groups_to_give(request.user)
        chosen = invitations.filter(
            accepted_at=None, revoked_at=None, group__in=may_give
        )
        left_out = invitations.count() - len(chosen)
        for invitation in chosen:
            # Whoever sends it answers for it.
            chosen.filter(pk=invitation.pk).update(invited_by=request.user)
            invitation.ask_later()
        said = ngettext(
            "%d mail is on its way.", "%d mails are on their way.", len(chosen)
        )
        self.message_user(request, said % len(chosen), messages.SUCCESS)
        if left_out:
            said = ngettext(
                "%d was left out: accepted, revoked, or for a group with more rights "
                "than yours.",
                "%d were left out: accepted, revoked, or for a group with more rights "
                "than yours.",
                left_out,
            )
            self.message_user(request, said % left_out, messages.WARNING)

    @admin.action(description=_("Revoke: end the link"), permissions=["add"])
    def revoke(self, request, invitations):
        revoked = invitations.revoke()
        said = ngettext("%d invitation revoked.", "%d invitations revoked.", revoked)
        self.message_user(request, said % revoked, messages.SUCCESS)


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
