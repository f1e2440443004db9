"""The admin of files for officials: choose what goes in, have it made, download it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from campaigns.local_time import OnCampaignClocks
from petitions.handover.models import Bundle
from staff.long_lists import LongPaginator


@admin.register(Bundle)
class BundleAdmin(OnCampaignClocks, admin.ModelAdmin):
    filled_by = _(
        "There is no file yet. A file holds the signatures to hand over to an "
        "official. Make one with the button above."
    )
    clocks = "petition__campaign__timezone"
    list_display = ["to", "petition", "state_word", "asked_by", "asked_at"]
    list_filter = ["petition"]
    list_select_related = ["petition", "asked_by"]
    search_fields = ["to"]
    autocomplete_fields = ["petition"]
    change_form_template = "admin/petitions/bundle.html"
    show_full_result_count = False
    paginator = LongPaginator
    when_empty = {"to": _("Enter to whom it goes.")}
    fields = ["petition", "to"]

    @admin.display(description=_("state"))
    def state_word(self, bundle):
        return bundle.state

    def has_change_permission(self, request, obj=None):
        """Nobody: a bundle is made as it was asked for."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, bundle, form, change):
        bundle.asked_by = request.user
        super().save_model(request, bundle, form, change)
        bundle.make_later()

    def response_add(self, request, bundle, post_url_continue=None):
        """Lead to the page that says how far the work is."""
        said = _("We are making it. This page says how far it is.")
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:petitions_bundle_change", bundle.pk)

    def get_urls(self):
        view = self.admin_site.admin_view(self.download, exports=True)
        name = "petitions_bundle_download"
        return [path("<int:pk>/download/", view, name=name), *super().get_urls()]

    def download(self, request, pk):
        bundle = get_object_or_404(Bundle.objects.select_related("petition"), pk=pk)
        if not self.has_view_permission(request, bundle):
            raise PermissionDenied
        if not bundle.is_ready:
            raise Http404
        file = bundle.open()
        if file is None:  # the site was restored from a backup, which has no such file
            request.audit.undone()
            said = _("The file is gone. Ask for a new one.")
            self.message_user(request, said, messages.ERROR)
            return redirect("admin:petitions_bundle_change", pk)
        slug = bundle.petition.campaign.slug
        response = FileResponse(
            file,
            as_attachment=True,
            filename=f"{slug}-{bundle.asked_at:%Y-%m-%d}.zip",
            content_type="application/zip",
        )
        response["Cache-Control"] = "private, no-store"
        return response
