"""The list of campaigns, with what several apps know of each, and what came of it."""

from django import forms
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaign_editor.state import State
from campaigns.ending import ending
from campaigns.local_time import LOCAL_TIMES, LocalTimes
from campaigns.models import Campaign, Milestone
from comments.waiting import waiting_in
from letters.figures import sent_in
from petitions.models import Petition
from reporting.figures import figures_for, figures_page
from versions.versioned_admin import VersionedAdmin


class CampaignStateFilter(admin.SimpleListFilter):
    """The states of State, which a test compares with it."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, campaigns):
        paused = Petition.objects.exclude(paused_at=None).values("campaign")
        over = campaigns.ended_ever()
        match self.value():
            case State.DRAFT:
                return campaigns.filter(published_at=None)
            case State.SCHEDULED:
                seen = Campaign.objects.published().values("pk")
                later = campaigns.exclude(published_at=None).exclude(pk__in=seen)
                return later.exclude(pk__in=over.values("pk"))
            case State.OPEN:
                return campaigns.open().exclude(pk__in=paused)
            case State.PAUSED:
                return campaigns.open().filter(pk__in=paused)
            case State.OVER:
                return over
        return campaigns


class MilestoneForm(forms.ModelForm):
    class Meta:
        error_messages = {"kind": {"required": _("Choose what happened.")}}


class MilestoneInline(admin.StackedInline):
    model = Milestone
    form = MilestoneForm
    extra, max_num = 0, 40  # a form takes at most a thousand fields
    fields = [("kind", "day"), "who", "words", ("reference", "due_on"), "url"]


class ResultForm(LocalTimes, forms.ModelForm):
    TIMES = ("published_at",)

    def typed_zone(self, typed):
        return self.zone


@admin.register(Campaign)
class CampaignAdmin(VersionedAdmin):
    """The list of campaigns, and of each the page with what came of it.

    All else of a campaign is typed into the guided form.
    """

    form = ResultForm
    formfield_overrides = LOCAL_TIMES
    is_audited = False
    list_display = ["name", "state", "signatures", "letters", "comments", "closes"]
    list_filter = [CampaignStateFilter, "language"]
    search_fields = ["title", "title_ask", "slug"]
    inlines = [MilestoneInline]
    change_form_template = "admin/campaigns/campaign.html"
    change_list_template = "admin/campaigns/list.html"

    def get_fields(self, request, obj=None):
        """Without the time of publishing before that: a draft may lack anything."""
        fields = ["outcome", ("outcome_day", "outcome_url")]
        return [*fields, "published_at"] if obj and obj.published_at else fields

    def view_on_site(self, campaign):
        """Its page; of what readers do not see, the draft, if it has a link."""
        if campaign.is_published:
            return campaign.get_absolute_url()
        return campaign.draft_url or None

    def render_change_form(self, request, context, *args, **kwargs):
        context["title"] = _("Result and milestones")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self):
        pages = [("figures", require_safe(self.figures_of)), ("ending", ending)]
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view, about=self.opts.label_lower),
                name=f"campaigns_campaign_{name}",
            )
            for name, view in pages
        ]
        return [*own, *super().get_urls()]

    def figures_of(self, request, pk):
        """The figures of the campaign that this person may see."""
        campaign = get_object_or_404(Campaign, pk=pk)
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Figures"),
            "campaign": campaign,
        }
        return figures_page(
            request,
            figures_for(request.user),
            campaign,
            "admin/campaigns/figures.html",
            context,
            name=campaign.slug,
        )

    def has_add_permission(self, request):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        if not super().has_add_permission(request):
            raise PermissionDenied
        return redirect("campaign_editor:new")

    def complete(self, campaigns):
        """Put the numbers of each app beside the campaigns of a page of the list."""
        found = Petition.objects.filter(campaign__in=campaigns).with_count()
        petitions = {petition.campaign_id: petition for petition in found}
        letters, comments = sent_in(campaigns), waiting_in(campaigns)
        for campaign in campaigns:
            petition = petitions.get(campaign.pk)
            campaign.state = State.of(campaign, petition)
            campaign.count = petition.count if petition else 0
            campaign.letters_sent = letters.get(campaign.pk, 0)
            campaign.comments_waiting = comments.get(campaign.pk, 0)

    def address_of(self, campaign):
        return reverse("campaign_editor:home", args=[campaign.pk])

    @admin.display(description=_("title"), ordering="title")
    def name(self, campaign):
        return format_html("<bdi>{}</bdi>", campaign.title or str(campaign))

    @admin.display(description=_("state"))
    def state(self, campaign):
        return format_html(
            '<span class="state state-{}">{}</span>',
            campaign.state.value,
            campaign.state.label,
        )

    @admin.display(description=_("signatures"))
    def signatures(self, campaign):
        return intcomma(campaign.count)

    @admin.display(description=_("letters"))
    def letters(self, campaign):
        return intcomma(campaign.letters_sent)

    @admin.display(description=_("comments waiting"))
    def comments(self, campaign):
        return intcomma(campaign.comments_waiting)

    @admin.display(description=_("closes"), ordering="closes_at")
    def closes(self, campaign):
        """The last day, or the day on which it was closed."""
        ended = campaign.closed_at and campaign.day_of(campaign.closed_at)
        day = ended or campaign.closes_on
        return day and date_format(day, "SHORT_DATE_FORMAT")
