"""What happened in a campaign, for its page on the desk: dates, updates, milestones."""

from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reporting.timeline import TimelineEntry
from versions.models import Version

MOST_UPDATES, MOST_VERSIONS = 20, 5


def timeline(user, campaign):
    found = [*_dates(campaign), *_milestones(campaign)]
    if user.has_perm("campaigns.view_update"):
        found += _updates(campaign)
    if user.has_perm("campaigns.change_campaign"):
        found += _versions(campaign)
    return found


def _dates(campaign):
    began = campaign.appears_at if campaign.is_published else None
    ended = campaign.ended_at if campaign.has_ended else None
    # What was public before it was stored here was no draft of ours.
    drafted = campaign.created_at
    for at, words in (
        (None if began and began <= drafted else drafted, _("Draft begun")),
        (began, _("Published")),
        (ended, _("Ended")),
    ):
        if at and at <= now():
            yield TimelineEntry(at, words, marked=at in (began, ended))


def _updates(campaign):
    rows = campaign.updates.published()[:MOST_UPDATES]
    for at, pk, title in rows.values_list("published_at", "pk", "title"):
        page = reverse("admin:campaigns_update_change", args=[pk])
        yield TimelineEntry(at, _("Update: %s") % title, page, marked=True)


def _milestones(campaign):
    for milestone in campaign.life:
        # A milestone has a day and no hour: its noon keeps it on this day in all zones.
        at = datetime.combine(milestone.day, time(12), campaign.zone)
        yield TimelineEntry(at, str(milestone.title), also=milestone.words, marked=True)


def _versions(campaign):
    page = reverse("admin:campaigns_campaign_history", args=[campaign.pk])
    rows = Version.objects.of(campaign).exclude(changed=[]).defer("content")
    for version in rows[:MOST_VERSIONS]:
        words = _("Texts changed by %s") % version.who
        also = ", ".join(map(str, version.changed_labels))
        yield TimelineEntry(version.at, words, page, also)
