"""Roles in single campaigns. Those for all campaigns are the groups of an account."""

from django.contrib.auth.models import Group
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import CharField, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from staff.models import Invitation, User

PERMISSION = "group__permissions__"


class CampaignRoleQuerySet(models.QuerySet):
    def by_permission(self):
        """Pairs of a permission and the campaigns in which these roles give it."""
        app = f"{PERMISSION}content_type__app_label"
        name = Concat(
            app, Value("."), f"{PERMISSION}codename", output_field=CharField()
        )
        roles = self.filter(group__permissions__isnull=False).order_by()
        named = roles.annotate(permission=name).values_list("permission")
        return named.annotate(campaigns=ArrayAgg("campaign", distinct=True))


class CampaignRole(models.Model):
    """What somebody may do in one campaign: a role of theirs, or of their invitation.

    Accepting an invitation hands its roles to the new account.
    """

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="campaign_roles",
    )
    invitation = models.ForeignKey(
        Invitation,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="campaign_roles",
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="+", verbose_name=_("role")
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("campaign"),
    )

    objects = CampaignRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in one campaign")
        verbose_name_plural = _("roles in single campaigns")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(invitation=None),
                name="campaign_role_has_one_holder",
            ),
            models.UniqueConstraint(
                fields=["user", "group", "campaign"], name="one_such_role_of_a_person"
            ),
            models.UniqueConstraint(
                fields=["invitation", "group", "campaign"],
                name="one_such_role_of_an_invitation",
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.campaign}"
