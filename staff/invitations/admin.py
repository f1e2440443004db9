from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from staff.invitations.models import Invitation, groups_to_give
from staff.state_filter import state_filter


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Who is invited to work here.

    Nobody can give more rights than they have themselves.
    """

    list_display = ["email", "group", "invited_by", "asked_at", "state"]
    list_select_related = ["group", "invited_by"]
    list_filter = [
        state_filter("accepted_at", before=_("Not accepted"), after=_("Accepted"))
    ]
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
        """Save a new invitation; it replaces earlier ones to the same address."""
        Invitation.objects.filter(email=invitation.email).revoke()
        invitation.invited_by = request.user
        super().save_model(request, invitation, form, change)
        invitation.mail_later()

    @admin.display(description=_("state"))
    def state(self, invitation):
        if invitation.accepted_at:
            return _("accepted")
        if invitation.revoked_at:
            return _("revoked")
        if invitation.expires_at <= timezone.now():
            return _("expired")
        return _("emailed") if invitation.mailed_at else _("email on its way")

    @admin.action(description=_("Send again, with a new link"), permissions=["add"])
    def send_again(self, request, invitations):
        may_give = groups_to_give(request.user)
        chosen = invitations.filter(
            accepted_at=None, revoked_at=None, group__in=may_give
        )
        left_out = invitations.count() - len(chosen)
        for invitation in chosen:
            # Whoever sends it again answers for it from now on.
            chosen.filter(pk=invitation.pk).update(invited_by=request.user)
            invitation.mail_later()
        said = ngettext(
            "%d email is on its way.", "%d emails are on their way.", len(chosen)
        )
        self.message_user(request, said % len(chosen), messages.SUCCESS)
        if left_out:
            said = ngettext(
                "%d was left out. It was accepted or revoked, or its group has "
                "more rights than yours.",
                "%d were left out. They were accepted or revoked, or their groups "
                "have more rights than yours.",
                left_out,
            )
            self.message_user(request, said % left_out, messages.WARNING)

    @admin.action(description=_("Revoke: end the link"), permissions=["add"])
    def revoke(self, request, invitations):
        revoked = invitations.revoke()
        said = ngettext("%d invitation revoked.", "%d invitations revoked.", revoked)
        self.message_user(request, said % revoked, messages.SUCCESS)
