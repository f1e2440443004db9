from django import forms
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from campaigns.local_time import in_words
from campaigns.same_meaning import SaysTheSame, SaysTheSameAdmin
from database.statement_timeout import TookTooLong, seconds_of_the_database
from pages.languages import name_in
from petitions.elsewhere import ElsewhereTotal
from petitions.handover.keeping_names_page import names
from petitions.pausing import pause
from petitions.petition import Petition
from petitions.signing import mail_health
from staff import reach
from versions.versioned_admin import VersionedAdmin


class ElsewhereInline(admin.TabularInline):
    model = ElsewhereTotal
    extra, max_num = 0, 20


class PetitionForm(SaysTheSame, forms.ModelForm):
    pass


@admin.register(Petition)
class PetitionAdmin(SaysTheSameAdmin, VersionedAdmin):
    form = PetitionForm
    fields = ["campaign", "ask", "means_the_same", "earlier_asks", "names_hidden"]
    readonly_fields = ["earlier_asks"]
    is_audited = False
    inlines = [ElsewhereInline]
    list_display = ["campaign", "ask", "state", "signatures_counted", "fraud_desk"]
    change_list_template = "admin/petitions/list.html"
    list_select_related = ["campaign"]
    autocomplete_fields = ["campaign"]
    search_fields = ["ask", "campaign__title"]
    change_form_template = "admin/petitions/petition.html"

    def get_urls(self):
        pages = [
            ("<int:pk>/names/", names, "names"),
            ("<int:pk>/pause/", pause, "pause"),
            ("confirmations/", self.confirmations, "confirmations"),
        ]
        own = [
            path(
                at,
                self.admin_site.admin_view(view, about=self.opts.label_lower),
                name=f"petitions_petition_{name}",
            )
            for at, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request):
        found = super().get_queryset(request).filter(campaign__deleted_at=None)
        return found.with_count()

    @admin.display(description=_("signatures"), ordering="count")
    def signatures_counted(self, petition):
        return intcomma(petition.count)

    @admin.display(description=_("signing"))
    def state(self, petition):
        if petition.is_open:
            return _("open")
        if petition.paused_at and not petition.campaign.has_ended:
            paused = in_words(petition.paused_at, petition.campaign.zone)
            page = reverse("admin:petitions_petition_pause", args=[petition.pk])
            words = _("paused since %s") % paused
            return format_html('<a href="{}">{}</a>', page, words)
        if petition.campaign.has_ended:
            return pgettext_lazy("petition", "ended")
        return _("not open yet")

    @admin.display(description=_("earlier wordings"))
    def earlier_asks(self, petition):
        lines = (
            (
                in_words(each.until_moment, petition.campaign.zone),
                ", ".join(filter(None, [name_in(each.language), each.by])),
                each.words,
            )
            for each in petition.earlier
        )
        return format_html_join("", "{} ({}): {}<br>", lines) or "–"

    @admin.display(description=_("fraud desk"))
    def fraud_desk(self, petition):
        desk = reverse("admin:petitions_signature_fraud")
        words = _("Look for fraud")
        return format_html('<a href="{}?petition={}">{}</a>', desk, petition.pk, words)

    @method_decorator(require_safe)
    def confirmations(self, request):
        """How many confirm the mails to them, by mailbox provider and hour."""
        if not reach.has_everywhere(request.user, "petitions.view_petition"):
            raise PermissionDenied
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Confirmations, by mailbox provider"),
        }
        try:
            with seconds_of_the_database():
                health = mail_health.Health()
            context |= {
                "health": health,
                "chosen": health.of(request.GET.get("provider", mail_health.ALL)),
            }
        except TookTooLong:
            context["took_too_long"] = True
        return TemplateResponse(request, "admin/petitions/confirmations.html", context)
