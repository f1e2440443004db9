"""The email that staff get each Monday if they want it: what their campaigns did."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django import app

from campaigns.models import Campaign
from outbox.models import OutgoingMail
from outbox.purposes import BULK, Nothing, register
from pages.addresses import absolute
from reporting.funnel import funnel_of
from staff.mails import ToStaff
from staff.models import User
from staff.reach import anywhere, enter, within
from staff.waiting import waiting_for

DAYS = "7"
MOST_CAMPAIGNS = 10


@app.periodic(cron="11 7 * * 1")
@app.task(
    name="campaign_editor.send_weekly_summaries", queueing_lock="send_weekly_summaries"
)
def send_weekly_summaries(timestamp):
    """Each Monday, mail a summary to whoever wants one; a repeated run mails none."""
    year, week, _day = timezone.localdate().isocalendar()
    about = year * 100 + week
    queued = OutgoingMail.objects.filter(purpose="weekly_summary", about=about)
    users = _who_want_one().exclude(pk__in=queued.values("user_pk"))
    OutgoingMail.objects.queue_for_staff("weekly_summary", about, users)


@register
class WeeklySummary(ToStaff):
    """The week in the campaigns of one of the staff, about the number of the week.

    It raises Nothing when no campaign of theirs is open and nothing waits for them.
    """

    name = "weekly_summary"
    title = gettext_lazy("Monday’s summary")
    policy = BULK

    def words(self, mail):
        context = summary_of(User.objects.get(pk=mail.user_pk))
        if not (context["campaigns"] or context["waiting"]):
            raise Nothing
        return self.name, context

    def may_leave(self, mail):
        return _who_want_one().filter(pk=mail.user_pk, email=mail.email).exists()


def _who_want_one():
    """Users who work here, have an address, and want a summary."""
    works = {"is_active": True, "is_staff": True}
    return User.objects.filter(gets_summary=True, **works).exclude(email="")


def summary_of(user):
    """Numbers of the last days beside those before, and what waits, as they may see."""
    open_now = within(user, Campaign.objects.open()).order_by("-opens_at", "-pk")
    return {
        "campaigns": [_week_of(user, each) for each in open_now[:MOST_CAMPAIGNS]],
        "waiting": [
            {
                "number": each.number,
                "words": each.words,
                "url": absolute(each.page),
            }
            for each in waiting_for(user)
        ],
        "desk_url": absolute(reverse("admin:index")),
        "wish_url": absolute(reverse("campaign_editor:weekly-summary")),
    }


def _week_of(user, campaign):
    with anywhere(user):
        enter(user, Campaign, campaign.pk)
        _period, steps = funnel_of(user, campaign, DAYS)
    home = reverse("campaign_editor:home", args=[campaign.pk])
    numbers = [
        {"label": each.step.label, "now": each.now, "before": each.before}
        for each in steps
        if not each.is_empty
    ]
    return {"title": campaign.title, "url": absolute(home), "numbers": numbers}


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request):
    """Whether this person gets one, and the button that changes it."""
    me = request.user
    if request.method == "POST":
        if "stop" not in request.POST and not me.email:
            messages.error(request, _("Your account has no email address."))
        else:
            me.gets_summary = "stop" not in request.POST
            me.save(update_fields=["gets_summary"])
            messages.success(
                request,
                _("You get the first one next Monday.")
                if me.gets_summary
                else _("Stopped. You get no more summaries."),
            )
        return redirect("campaign_editor:weekly-summary")
    context = {
        **admin.site.frame(request),
        "title": _("Monday’s summary"),
        "is_wanted": me.gets_summary,
    }
    return TemplateResponse(
        request, "admin/campaign_editor/weekly_summary.html", context
    )
