"""The Atom feed of a campaign: its updates, what has happened, and what came of it."""

from datetime import datetime, time
from operator import itemgetter

from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from branding.site import the_site
from campaigns.models.update import tell_updates
from campaigns.results import news_of, outcome_of
from pages.addresses import absolute

IN_FEED = 20


def feed_of(campaign, path):
    """The newest entries, the newest first (RFC 4287)."""
    atom = Atom1Feed(
        title=_("Updates: %(campaign)s") % {"campaign": campaign.full_title},
        link=absolute(campaign.get_absolute_url()),
        description=campaign.summary,
        language=campaign.read_in,
        feed_url=absolute(path),
        author_name=the_site().name,
    )
    entries = [*_updates(campaign), *_results(campaign)]
    entries.sort(key=itemgetter("pubdate"), reverse=True)
    for entry in entries[:IN_FEED]:
        atom.add_item(**entry)
    return atom


def _updates(campaign):
    updates = list(campaign.updates.published()[:IN_FEED])
    for update in updates:
        update.campaign = campaign
    tell_updates(updates)
    for update in updates:
        content = render_to_string("campaigns/_update_in_feed.html", {"update": update})
        yield {
            "title": update.title,
            "link": update.mailed_url,
            "unique_id": update.mailed_url,
            "description": content.strip(),
            "pubdate": update.published_at,
            "updateddate": max(update.updated_at, update.published_at),
        }


def _results(campaign):
    """What has a day and perhaps a source: outcome, milestones, officials' answers."""
    told = campaign.life.told(has_ended=campaign.has_ended)
    found = [outcome_of(campaign), *told[:IN_FEED], *news_of(campaign)]
    for result in filter(None, found):
        yield _result(campaign, result)


def _result(campaign, result):
    address = getattr(result, "page", "")
    address = address or f"{absolute(campaign.get_absolute_url())}#{result.anchor}"
    noon = datetime.combine(result.day, time(12), campaign.zone)
    content = render_to_string("campaigns/_result_in_feed.html", {"result": result})
    return {
        "title": str(result.title),
        "link": address,
        "unique_id": address,
        "description": content.strip(),
        "pubdate": noon,
        "updateddate": noon,
    }
