"""The dates of a campaign as a calendar that a phone can follow (RFC 5545).

An AppConfig offers `calendar(campaign)`: the dates that its app knows of. They keep
their UID, so that a calendar that follows the address moves a date that has changed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.apps import apps
from django.utils.translation import gettext as _

from branding.site import the_site
from pages.addresses import absolute

READ_AGAIN = timedelta(days=1)
PRODUCT = "-//Campaign site//Dates of a campaign//EN"


@dataclass(frozen=True)
class CalendarDate:
    """A date. A day without an hour lasts until the end of `ends`, or of itself."""

    uid: str  # unique among the dates of all campaigns
    title: str
    begins: date | datetime
    ends: date | None = None
    place: str = ""
    url: str = ""
    text: str = ""


def calendar_of(campaign):
    """The bytes of its file, or None for a campaign without any date."""
    entries = [
        entry
        for config in apps.get_app_configs()
        for entry in getattr(config, "calendar", _none)(campaign)
    ]
    if not entries:
        return None
    # Hardly a page needs it, and it takes 2.5 MB of each process.
    from icalendar import Calendar

    found = Calendar.new(
        name=_line(campaign.full_title),
        prodid=PRODUCT,
        refresh_interval=READ_AGAIN,
        subcomponents=[_event(campaign, entry) for entry in entries],
    )
    return found.to_ical()


def dates(campaign):
    """Its event, and the end of the time in which people can act."""
    title, page = campaign.full_title, absolute(campaign.get_absolute_url())
    if campaign.event_starts:
        name = campaign.event_name
        yield CalendarDate(
            f"event-{campaign.pk}",
            f"{name}: {title}" if name else title,
            campaign.event_starts,
            campaign.event_ends,
            url=page,
        )
    if campaign.closes_on:
        yield CalendarDate(
            f"end-{campaign.pk}",
            _("Last day to take part: %(campaign)s") % {"campaign": title},
            campaign.closes_on,
            url=page,
        )


def _event(campaign, entry):
    from icalendar import Event

    end = None
    if not isinstance(entry.begins, datetime):
        end = (entry.ends or entry.begins) + timedelta(days=1)
    return Event.new(
        uid=f"{entry.uid}@{urlsplit(the_site().url).hostname}",
        stamp=campaign.updated_at,
        summary=_line(entry.title),
        start=entry.begins,
        end=end,
        location=_line(entry.place) or None,
        url=entry.url,
        description=_line(entry.text) or None,
    )


def _line(text):
    """The library does not escape a new line everywhere."""
    return " ".join(text.split())


def _none(campaign):
    return []
