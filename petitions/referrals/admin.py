"""The links that campaigners share."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaigns.qr_code import svg_of
from petitions.referrals.models import ReferralLink


@admin.register(ReferralLink)
class ReferralLinkAdmin(admin.ModelAdmin):
    is_audited = False
    filled_by = _(
        "Nothing is here yet. Make a link for each place where you share the "
        "petition. You then see how many people sign from there."
    )
    list_display = ["name", "address", "campaign"]
    list_filter = ["petition__campaign"]
    list_select_related = ["petition__campaign"]
    search_fields = ["name", "=code"]
    autocomplete_fields = ["petition"]
    fields = ["petition", "name", "code", "address", "qr_code"]
    readonly_fields = ["address", "qr_code"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.drawing)
        name = "petitions_referrallink_drawing"
        return [path("<int:pk>/qr.svg", view, name=name), *super().get_urls()]

    def get_fields(self, request, link=None):
        return self.fields if link else self.fields[:3]

    def response_add(self, request, link, post_url_continue=None):
        """Lead to its page, which shows the new link."""
        if not {"_addanother", "_popup"} & set(request.POST):
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, link, post_url_continue)

    @admin.display(description=_("link to share"))
    def address(self, link):
        return link.link

    @admin.display(description=_("campaign"), ordering="petition__campaign__title")
    def campaign(self, link):
        return link.petition.campaign.title

    @admin.display(description=_("QR code"))
    def qr_code(self, link):
        return format_html(
            '<img class="admin-qr" src="{0}" alt="" width="160" height="160"><br>'
            '<a href="{0}" download="{1}.svg">{2}</a>',
            reverse("admin:petitions_referrallink_drawing", args=[link.pk]),
            link.code,
            _("Download it for a poster (SVG, sharp at any size)"),
        )

    def drawing(self, request, pk):
        link = get_object_or_404(
            ReferralLink.objects.select_related("petition__campaign"), pk=pk
        )
        if not self.has_view_permission(request, link):
            raise PermissionDenied
        return HttpResponse(svg_of(link.link), content_type="image/svg+xml")
