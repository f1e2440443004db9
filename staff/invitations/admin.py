from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.accounts.models import User
from staff.invitations.models import INVITES, Invitation, groups_to_give
from staff.state_filter import state_filter


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Who is invited to work here.

    Nobody can give more rights than they have themselves.
    """

    filled_by = _("Nothing is here yet. Invite those who will work here with you.")
    list_display = ["email", "roles", "invited_by", "asked_at", "state"]
    list_select_related = ["invited_by"]
    list_filter = [
        state_filter("accepted_at", before=_("Not accepted"), after=_("Accepted"))
    ]
    search_fields = ["email"]
    actions = ["revoke"]

    def get_queryset(self, request):
        roles = ["groups", "campaign_roles__group", "campaign_roles__campaign"]
        return super().get_queryset(request).prefetch_related(*roles)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        """The fields; only administrators are asked whether it makes another one."""
        is_asked = request.user.is_superuser or obj
        return ["email", *(["is_administrator"] if is_asked else []), "groups"]

    def formfield_for_manytomany(self, field, request, **kwargs):
        if field.name == "groups":
            kwargs["queryset"] = groups_to_give(request.user)
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(field, request, **kwargs)
        words = _("What each role may do")
        page = reverse("roles")
        # Django names the help of several boxes by an id that they do not have.
        field.help_text = ""
        field.label = format_html(
            '{} (<a href="{}">{}</a>)', capfirst(field.label), page, words
        )
        return field

    def complete(self, invitations):
        """Look up, with one statement, whether their senders still may invite."""
        senders = User.objects.who_may(INVITES).filter(is_staff=True)
        may = set(senders.values_list("pk", flat=True))
        for one in invitations:
            one.has_sender = one.invited_by_id in may

    @admin.display(description=_("roles"))
    def roles(self, invitation):
        return "; ".join(invitation.roles_in_words)

    def save_model(self, request, invitation, form, change):
        """Save a new invitation; it replaces earlier ones to the same address."""
        Invitation.objects.filter(email=invitation.email).revoke()
        invitation.invited_by = request.user
        super().save_model(request, invitation, form, change)
        invitation.mail_later()

    def response_add(self, request, invitation, post_url_continue=None):
        said = _("We are emailing the invitation to %s.") % invitation.email
        self.message_user(request, said, messages.SUCCESS)
        further = "_addanother" in request.POST
        return redirect(f"admin:staff_invitation_{'add' if further else 'changelist'}")

    @admin.display(description=_("state"))
    def state(self, invitation):
        if invitation.accepted_at:
            return _("accepted")
        if invitation.revoked_at:
            return _("revoked")
        if invitation.expires_at <= timezone.now():
            return _("expired")
        if not invitation.has_sender:
            return _("its sender may no longer invite")
        return _("emailed") if invitation.mailed_at else _("email on its way")

    @admin.action(description=_("Revoke: end the link"), permissions=["add"])
    def revoke(self, request, invitations):
        revoked = invitations.revoke()
        said = ngettext("%d invitation revoked.", "%d invitations revoked.", revoked)
        self.message_user(request, said % revoked, messages.SUCCESS)
