from datetime import UTC, datetime, time, timedelta

from letters.recipients.public_holidays import is_public_holiday
from pages.countries import country_of_clocks

ONE_DAY = timedelta(days=1)
OPENS, CLOSES = time(9), time(17)
SATURDAY = 5


class OfficeHours:
    """When an office reads its mail: on workdays from 9 to 17, by its own clocks.

    Workdays are Monday to Friday, without public holidays of the country that has this
    time zone.
    """

    def __init__(self, zone):
        self.zone = zone

    def next_open(self, moment):
        """This moment, or the first one after it within office hours."""
        local = moment.astimezone(self.zone)
        day = local.date()
        if self.is_workday(day) and OPENS <= local.time() < CLOSES:
            return moment
        if local.time() >= OPENS:
            day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return self._opens_on(day)

    def after_workdays(self, moment, number):
        """The midnight when so many whole workdays have passed since that day."""
        day = self._day_of(moment)
        while number > 0:
            day += ONE_DAY
            number -= self.is_workday(day)
        midnight = datetime.combine(day + ONE_DAY, time(), self.zone)
        return midnight.astimezone(moment.tzinfo)

    def next_mail_at(self, moment, last=None, *, is_weekly=False):
        """When the next mail with several letters leaves, after a moment.

        It goes as the office opens; a week's mail on the first workday. It is never in
        the day, or week, of `last`.
        """
        day = self._day_of(moment)
        while True:
            if self._is_mail_day(day, is_weekly) and not self._had(
                day, last, is_weekly
            ):
                at = self._opens_on(day)
                if at > moment:
                    return at
            day += ONE_DAY

    def had_mail(self, moment, last, *, is_weekly=False):
        """Whether `last` was the mail of this moment's day, or week."""
        return self._had(self._day_of(moment), last, is_weekly)

    def is_workday(self, day):
        return day.weekday() < SATURDAY and not self._is_holiday(day)

    @property
    def country(self):
        return country_of_clocks(self.zone.key)

    def _day_of(self, moment):
        return moment.astimezone(self.zone).date()

    def _opens_on(self, day):
        return datetime.combine(day, OPENS, self.zone).astimezone(UTC)

    def _is_holiday(self, day):
        return is_public_holiday(self.country, day)

    def _is_mail_day(self, day, is_weekly):
        before = day.weekday() if is_weekly else 0
        in_week = (day - n * ONE_DAY for n in range(1, before + 1))
        return self.is_workday(day) and not any(map(self.is_workday, in_week))

    def _had(self, day, last, is_weekly):
        if last is None:
            return False
        before = self._day_of(last)
        if is_weekly:
            return day.isocalendar()[:2] <= before.isocalendar()[:2]
        return day <= before
