from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.local_time import OnCampaignClocks
from petitions.fraud.models import Invalidation
from safeguards.blocks import Block
from staff.read_only_admin import NeverAddedAdmin

# How long a network is blocked by the button on this page.
BLOCKED_DAYS = 30


@admin.register(Invalidation)
class InvalidationAdmin(OnCampaignClocks, NeverAddedAdmin):
    """What was taken out of the count, how far the work is, and how to undo it."""

    filled_by = _(
        "Nothing is here yet. On the fraud desk you take signatures out of the count."
    )
    clocks = "petition__campaign__timezone"
    list_display = ["at", "petition", "number", "reason", "by", "undone_at"]
    list_select_related = ["petition", "by"]
    # Django's own form is still at odd addresses (+1/change/); with these it writes
    # nothing.
    fields = readonly_fields = ["petition", "number", "reason", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("keys")  # up to a million keys

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/change/",
                wrap(self.progress),
                name="petitions_invalidation_change",
            ),
            path(
                "<int:pk>/block/",
                wrap(self.block),
                name="petitions_invalidation_block",
            ),
            path("<int:pk>/undo/", wrap(self.undo), name="petitions_invalidation_undo"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def progress(self, request, pk):
        """One invalidation, and how far it is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        invalidation = get_object_or_404(
            self.get_queryset(request).select_related(
                "petition__campaign", "by", "undone_by"
            ),
            pk=pk,
        )
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Signatures taken out of the count"),
            "invalidation": invalidation,
            **self._networks(request, invalidation),
            "may_undo": invalidation.can_be_undone
            and self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin/petitions/invalidated.html", context)

    def _networks(self, request, invalidation):
        """Its networks, and which are on the block list, for who may add to that."""
        if not request.user.has_perm("safeguards.add_block"):
            return {}
        networks = invalidation.networks()
        known = Block.objects.filter(kind="network", value__in=dict(networks))
        return {
            "networks": networks,
            "blocked": set(known.values_list("value", flat=True)),
        }

    @method_decorator(require_POST)
    def block(self, request, pk):
        """Put a network of its signatures on the block list, for some days."""
        may_look = self.has_view_permission(request)
        if not (may_look and request.user.has_perm("safeguards.add_block")):
            raise PermissionDenied
        invalidation = get_object_or_404(self.get_queryset(request), pk=pk)
        network = request.POST.get("network", "")
        if network in dict(invalidation.networks()):
            until = timezone.now() + timedelta(days=BLOCKED_DAYS)
            Block.objects.add_network(network, request.user, until)
            said = _("On the block list. What comes from there waits for a person.")
            self.message_user(request, said, messages.SUCCESS)
        else:
            said = _("We no longer have it. We delete it after a while.")
            self.message_user(request, said, messages.WARNING)
        return redirect("admin:petitions_invalidation_change", pk)

    @method_decorator(require_POST)
    def undo(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        invalidation = get_object_or_404(self.get_queryset(request), pk=pk)
        if invalidation.undo(by=request.user):
            request.audit.done(number=invalidation.number)
        else:
            said = _("Somebody has already undone this, or it is too late to undo it.")
            self.message_user(request, said, messages.WARNING)
        return redirect("admin:petitions_invalidation_change", pk)
