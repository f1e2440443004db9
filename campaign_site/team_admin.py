"""Who works here in which role: for all campaigns, or for some."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign_site.permissions import IN_SHORT
from campaigns.models import Campaign, CampaignRole
from staff.accounts.admin import StaffAdmin
from staff.invitations.admin import InvitationAdmin
from staff.invitations.models import groups_to_give
from staff.models import Invitation, User

admin.site.unregister([User, Invitation])


def without_links(field):
    """A field of a form that leads to no other form, to add or change its choices."""
    for way in ("add", "change", "view", "delete"):
        setattr(field.widget, f"can_{way}_related", False)
    return field


def with_words(field):
    """The field for roles, where below each one stands what it may do."""

    def label_of(group):
        words = IN_SHORT.get(group.name, "")
        if not words:
            return str(group)
        return format_html('{} <span class="role-words">{}</span>', group, words)

    field.label_from_instance = label_of
    return field


class CampaignRoles(admin.StackedInline):
    """Roles in single campaigns, below those for all of them.

    Whoever may open the page may see them, since it is about nothing else.
    """

    model = CampaignRole
    fields = [("group", "campaign")]
    extra, max_num = 1, 60  # a form takes at most a thousand fields

    def formfield_for_foreignkey(self, field, request, **kwargs):
        if field.name == "group":
            kwargs["queryset"] = groups_to_give(request.user)
            kwargs["empty_label"] = _("Choose a role")
        else:
            kwargs["queryset"] = Campaign.objects.not_deleted().order_by("title", "pk")
            kwargs["empty_label"] = _("Choose a campaign")
        return super().formfield_for_foreignkey(field, request, **kwargs)

    def formfield_for_dbfield(self, field, request, **kwargs):
        return without_links(super().formfield_for_dbfield(field, request, **kwargs))

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return True


class RolesOfAccount(CampaignRoles):
    fk_name = "user"

    def has_add_permission(self, request, obj=None):
        """Superusers alone, as for all that an account may do."""
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_add_permission


class RolesGiven(forms.BaseInlineFormSet):
    """The roles of an invitation; it gives one at least, here or for all campaigns."""

    def clean(self):
        super().clean()
        is_for_all = "is_administrator" in self.data or self.data.get("groups")
        is_for_one = any(form.has_changed() for form in self.forms)
        if not (is_for_all or is_for_one):
            raise ValidationError(
                _("Choose at least one role, for all campaigns or for one.")
            )


class RolesOfInvitation(CampaignRoles):
    fk_name = "invitation"
    formset = RolesGiven

    def has_change_permission(self, request, obj=None):
        return False

    has_delete_permission = has_change_permission


@admin.register(User)
class TeamAdmin(StaffAdmin):
    def get_inlines(self, request, obj):
        return [RolesOfAccount] if obj else []

    def formfield_for_manytomany(self, field, request, **kwargs):
        made = super().formfield_for_manytomany(field, request, **kwargs)
        return with_words(made) if field.name == "groups" else made


@admin.register(Invitation)
class TeamInvitationAdmin(InvitationAdmin):
    inlines = [RolesOfInvitation]
    change_form_template = "admin/staff/invitation.html"

    def formfield_for_manytomany(self, field, request, **kwargs):
        return with_words(super().formfield_for_manytomany(field, request, **kwargs))

    def formfield_for_dbfield(self, field, request, **kwargs):
        return without_links(super().formfield_for_dbfield(field, request, **kwargs))
