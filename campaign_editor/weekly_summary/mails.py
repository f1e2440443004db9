"""The summary that staff get each Monday: their campaigns, and what waits for them."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from campaign_editor.weekly_summary.models import WeeklySummary
from campaigns.models import Campaign
from outbox.mail import write
from outbox.purposes import BULK, Nothing, Purpose, register
from pages.addresses import absolute
from reporting.funnel import funnel_of
from staff.models import User
from staff.reach import anywhere, enter, within
from staff.waiting import waiting_for

DAYS = "7"
MOST_CAMPAIGNS = 10


@register
class WeeklySummaryMail(Purpose):
    """The week in the campaigns of one of the staff, about the key of their account.

    It raises Nothing when no campaign of theirs is open and nothing waits for them.
    """

    name = "weekly_summary"
    title = _("Monday’s summary")
    policy = BULK

    def compose(self, mail):
        user = User.objects.filter(pk=mail.about, email=mail.email).first()
        wish = WeeklySummary.objects.wanted().filter(user=mail.about).first()
        if user is None or wish is None:
            raise Nothing
        language = user.reads
        with translation.override(language):
            context = summary_of(user)
        if not (context["campaigns"] or context["waiting"]):
            raise Nothing
        context["stop_url"] = wish.stop_url(language)
        return write(mail.email, "weekly_summary", context, language)

    def still(self, mail):
        wanted = WeeklySummary.objects.wanted()
        return wanted.filter(user=mail.about, user__email=mail.email).exists()


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
