from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from petitions.admin.sources import sources
from petitions.models import Petition


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin):
    list_display = ["campaign", "ask", "signatures_counted"]
    list_select_related = ["campaign"]
    autocomplete_fields = ["campaign"]
    search_fields = ["ask", "campaign__title"]
    change_form_template = "admin/petitions/petition.html"

    def get_urls(self):
        view = self.admin_site.admin_view(sources)
        name = "petitions_petition_sources"
        return [path("<int:pk>/sources/", view, name=name), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).with_count()

    @admin.display(description=_("signatures"), ordering="count")
    def signatures_counted(self, petition):
        return petition.count
