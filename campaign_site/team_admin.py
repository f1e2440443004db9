"""Who works here in which role: for all campaigns, or for some."""

from django import forms
from django.contrib import admin
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


class InvitationForm(forms.ModelForm):
    """An invitation; it gives one role at least, for all campaigns or for one."""

    def clean(self):
        data = super().clean()
        rows = [name for name in self.data if name.startswith("campaign_roles-")]
        of_one = [name for name in rows if name.endswith(("-group", "-campaign"))]
        is_for_one = any(self.data[name] for name in of_one)
        is_for_all = data.get("is_administrator") or data.get("groups")
        if not (is_for_all or is_for_one or "groups" in self.errors):
            said = _("Choose at least one role, for all campaigns or for one.")
            self.add_error("groups", said)
        return data


class RolesOfInvitation(CampaignRoles):
    fk_name = "invitation"

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
    form = InvitationForm
    inlines = [RolesOfInvitation]
    change_form_template = "admin/staff/invitation.html"

    def formfield_for_manytomany(self, field, request, **kwargs):
        made = with_words(super().formfield_for_manytomany(field, request, **kwargs))
        made.is_optional = False  # here or for one campaign, a role is needed
        return made

    def formfield_for_dbfield(self, field, request, **kwargs):
        return without_links(super().formfield_for_dbfield(field, request, **kwargs))
