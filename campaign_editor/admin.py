"""The list of campaigns, with what several apps know of each."""

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign_editor.state import State
from campaigns.admin import CampaignAdmin
from campaigns.models import Campaign
from comments.waiting import waiting_in
from letters.figures import sent_in
from petitions.models import Petition

admin.site.unregister(Campaign)


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


@admin.register(Campaign)
class CampaignsAdmin(CampaignAdmin):
    """The guided form is the way to make a campaign, and its home the way to each.

    The form with all fields stays, for what the guided one does not ask for.
    """

    list_display = ["name", "state", "signatures", "letters", "comments", "closes"]
    list_filter = [CampaignStateFilter, "language"]

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
