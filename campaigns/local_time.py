"""Times that staff type and read on the clocks of one place, in every form alike."""

from datetime import UTC

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import zone_named
from database.zones import GREENWICH, as_people_say
from pages.day_inputs import MomentInput
from pages.languages import city_of


def at_the_place(naive, zone):
    """This date and time on the clocks of a place, as a moment.

    Of an hour that comes twice when summer time ends it is the first, so that nothing
    is called in time that is not. Raises ValidationError for a time that clocks leave
    out when they go forward, and for one at the very end of all years.
    """
    moment = naive.replace(tzinfo=zone, fold=0)
    try:
        shown = moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise ValidationError(_("Enter another year.")) from None
    if shown != naive:
        raise ValidationError(
            _(
                "The clocks go forward that night, so this time does not exist. "
                "Enter another."
            )
        )
    return moment


def comes_twice(moment, zone):
    """Whether the clocks of a place show this hour twice, as summer time ends."""
    local = moment.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def zone_of(campaign):
    """The zone in which people read what belongs to a campaign, or to the site."""
    return campaign.zone if campaign else timezone.get_default_timezone()


def in_words(moment, zone):
    """Day, hour and zone of a moment, for whoever may be anywhere."""
    local = moment.astimezone(zone)
    # Translators: a day, an hour and the clocks: “3 December 2026, 18:00 (Rome time)”.
    return pgettext("a moment", "%(day)s, %(hour)s (%(clocks)s)") % {
        "day": date_format(local, "DATE_FORMAT"),
        "hour": f"{local:%H:%M}",
        "clocks": named(zone),
    }


def when_it_appears(campaign):
    """Says when a scheduled campaign will be published; "" for any other."""
    if not campaign.is_scheduled:
        return ""
    when = in_words(campaign.appears_at, campaign.zone)
    return gettext("It will be published on %s.") % when


def named(zone):
    """What people call the clocks of a zone."""
    if as_people_say(zone.key) == GREENWICH:
        return gettext("Greenwich Mean Time")
    area, _slash, place = zone.key.rpartition("/")
    return gettext("%s time") % city_of(zone.key) if area else place


def shown_on_clocks(response, zone):
    """A page of staff, rendered on the clocks of a zone (decision 38)."""
    with timezone.override(zone):
        return response.render()


class OnCampaignClocks(admin.ModelAdmin):
    """Shows each row on the clocks of its campaign, in the list and on its own page.

    `clocks` leads from the row to the name of its campaign's zone. Rows of no campaign
    are on the site's clocks. For admins whose moments are read only: what is typed is
    on the clocks of a form (LocalTimes).
    """

    clocks = "campaign__timezone"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(clocks_name=F(self.clocks))

    def zone_of_row(self, row):
        return _clocks_of(row)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        response = super().render_change_form(
            request, context, *args, obj=obj, **kwargs
        )
        return shown_on_clocks(response, _clocks_of(obj)) if obj else response


def _clocks_of(row):
    """The zone of a row that OnCampaignClocks has found."""
    return zone_named(row.clocks_name) or timezone.get_default_timezone()


class LocalTimeField(forms.DateTimeField):
    """A time as the clocks show it; of which place they are, LocalTimes says."""

    widget = MomentInput

    def to_python(self, value):
        with timezone.override(UTC):  # no clocks of the site leave out an hour there
            return super().to_python(value)


# For an admin with such a form: its own fields are on the site’s clocks.
LOCAL_TIMES = {
    models.DateTimeField: {"form_class": LocalTimeField, "widget": MomentInput}
}


class LocalTimes:
    """A form whose `TIMES` are those of a place: of `zone` as it is stored, and of what
    `typed_zone()` says once it is sent.

    A time that stays as it was shown keeps its moment, or in another zone its seconds.
    """

    TIMES = ()
    whose_clocks = _("In the campaign’s time zone.")
    twice = _(
        "The clocks go back that night, so this hour comes twice. The first counts."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._stored = self.stored_times()
        for name in (name for name in self.fields if name in self.TIMES):
            field, moment = self.fields[name], self._stored.get(name)
            twice = self.twice if moment and comes_twice(moment, self.zone) else ""
            said = [p for p in (field.help_text, self.whose_clocks, twice) if p]
            field.help_text = format_lazy(" ".join(["{}"] * len(said)), *said)
            if moment:
                self.initial[name] = on_the_clocks(moment, self.zone)

    @property
    def zone(self):
        return self.instance.zone

    def stored_times(self):
        """The moment of each field, as far as there is one."""
        return {name: getattr(self.instance, name) for name in self.TIMES}

    def typed_zone(self, typed):
        """The zone by which what was typed is meant; None when nobody knows."""
        return zone_named(typed.get("timezone"))

    def clean(self):
        typed = super().clean()
        zone = self.typed_zone(typed)
        for name in self.TIMES if zone else ():
            if typed.get(name):
                try:
                    typed[name] = self._moment(name, typed[name], zone)
                except ValidationError as error:
                    self.add_error(name, error)
        return typed

    def _moment(self, name, typed, zone):
        naive = typed.replace(tzinfo=None)
        if stored := self._stored.get(name):
            shown = on_the_clocks(stored, self.zone)
            if naive in (shown, shown.replace(second=0, microsecond=0)):
                if zone == self.zone:
                    return stored
                naive = shown
        return at_the_place(naive, zone)


def on_the_clocks(moment, zone):
    """What the clocks of a zone show at a moment, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
