"""The home of a campaign on the staff site: how it stands, and what comes next."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaign_editor.home_parts import parts_of
from campaign_editor.state import State, next_step
from campaign_editor.stored import Stored, campaigns
from campaigns.languages_desk import languages_desk
from campaigns.models import Campaign
from letters.figures import sent_in
from petitions.models import Petition
from reporting.funnel import day_by_day, funnel_of
from reporting.timeline import marks_in, timeline_of
from staff.waiting import waiting_for
from supporters.models import Follow

PERIODS = {"7": _("7 days"), "28": _("28 days")}
USUAL = "28"
MOST_UPDATES = 5


@require_safe
def home(request, pk):
    """Its state and next step, a funnel beside that of before, what waits, its life."""
    campaign = get_object_or_404(campaigns(), pk=pk)
    user = request.user
    if not user.has_perm("campaigns.view_campaign"):
        raise PermissionDenied
    stored = Stored(campaign)
    petition = Petition.objects.of_campaign(campaign)
    waiting = waiting_for(user, campaign)
    state = State.of(campaign, petition)
    days = request.GET.get("days")
    days = days if days in PERIODS else USUAL
    entries = timeline_of(user, campaign)
    period, steps = funnel_of(user, campaign, days)
    marks = marks_in(entries, period)
    marked = [step.with_marks(marks) for step in steps]
    charted = [step for step in marked if step.chart.has_course]
    may_see_texts = user.has_perm("campaigns.view_campaigntext")
    has_languages = len(settings.LANGUAGES) > 1 and may_see_texts
    may_edit = user.has_perm("campaigns.change_campaign")
    context = {
        **admin.site.frame(request, Campaign._meta),
        "title": str(campaign.title or campaign),
        "campaign": campaign,
        "petition": petition,
        "letter": stored.letter,
        "state": state,
        "next": next_step(state, stored, waiting) if may_edit else None,
        "parts": parts_of(user, campaign, petition, stored.letter),
        "waiting": waiting,
        "period": period,
        "days": int(days),
        "periods": [(key, words, key == days) for key, words in PERIODS.items()],
        "is_seen": state not in (State.DRAFT, State.SCHEDULED),
        "steps": steps,
        "charts": charted,
        "marks": marks,
        "rows": day_by_day(charted),
        "entries": entries,
        "letters": sent_in([campaign]).get(campaign.pk, 0),
        "followers": Follow.objects.active().filter(campaign=campaign).count(),
        "languages_desk": has_languages and languages_desk(campaign),
        "updates": campaign.updates.select_related("mailing").order_by("-pk")[
            :MOST_UPDATES
        ],
    }
    return TemplateResponse(request, "admin/campaign_editor/home.html", context)
