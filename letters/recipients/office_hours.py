from datetime import UTC, datetime, time, timedelta

from letters.recipients.public_holidays import in_words, is_public_holiday
from pages.countries import country_of_clocks

ONE_DAY = timedelta(days=1)
# When a day's mail leaves to an office that has not told us its hours.
MORNING = time(8)
SATURDAY = 5


class OfficeHours:
    """When an office reads its mail: (time, time) by its own clocks; or always."""

    def __init__(self, zone, opens=None, closes=None, *, workdays_only=False):
        self.zone, self.opens, self.closes = zone, opens, closes
        self.workdays_only = workdays_only

    def next_open(self, moment):
        """This moment, or the first one after it within office hours."""
        if self.opens is None:
            return moment
        local = moment.astimezone(self.zone)
        day = local.date()
        if self.is_workday(day) and self.opens <= local.time() < self.closes:
            return moment
        if local.time() >= self.opens:
            day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return datetime.combine(day, self.opens, self.zone).astimezone(moment.tzinfo)

    def after_workdays(self, moment, number):
        """The midnight when so many whole workdays have passed since that day."""
        day = moment.astimezone(self.zone).date()
        while number > 0:
            day += ONE_DAY
            number -= self.is_workday(day)
        midnight = datetime.combine(day + ONE_DAY, time(), self.zone)
        return midnight.astimezone(moment.tzinfo)

    def is_workday(self, day):
        """Whether somebody is there: on any day, or from Monday to Friday.

        Then not on public holidays of the country that has this time zone, either.
        """
        if not self.workdays_only:
            return True
        return day.weekday() < SATURDAY and not self._is_holiday(day)

    def holidays_between(self, start, end):
        """A sentence about days when no letter leaves because of a holiday; or "".

        They are those from one moment until the day before another.
        """
        if not self.workdays_only:
            return ""
        first, last = (moment.astimezone(self.zone).date() for moment in (start, end))
        days = [first + n * ONE_DAY for n in range((last - first).days)]
        free = [d for d in days if d.weekday() < SATURDAY and self._is_holiday(d)]
        return in_words(self.country, free) if free else ""

    @property
    def knows_holidays(self):
        return bool(self.workdays_only and self.country)

    @property
    def country(self):
        return country_of_clocks(self.zone.key)

    def _is_holiday(self, day):
        return is_public_holiday(self.country, day)


class MailDays:
    """When an office gets its one mail a day, or a week, by its own clocks.

    It goes as the office opens, on workdays; a week's mail goes on the first of them.
    """

    def __init__(self, hours, *, is_weekly=False):
        self.hours, self.is_weekly = hours, is_weekly
        self.opens = hours.opens or MORNING

    def next_after(self, moment, last=None):
        """The first time after a moment that is not in the day, or week, of `last`."""
        day = moment.astimezone(self.hours.zone).date()
        while True:
            if self._is_mail_day(day) and not self._had_mail(day, last):
                at = datetime.combine(day, self.opens, self.hours.zone).astimezone(UTC)
                if at > moment:
                    return at
            day += ONE_DAY

    def had_mail(self, moment, last):
        """Whether `last` was the mail of this moment's day, or week."""
        return self._had_mail(moment.astimezone(self.hours.zone).date(), last)

    def _is_mail_day(self, day):
        before = day.weekday() if self.is_weekly else 0
        in_week = (day - n * ONE_DAY for n in range(1, before + 1))
        works = self.hours.is_workday
        return works(day) and not any(map(works, in_week))

    def _had_mail(self, day, last):
        if last is None:
            return False
        before = last.astimezone(self.hours.zone).date()
        if self.is_weekly:
            return day.isocalendar()[:2] <= before.isocalendar()[:2]
        return day <= before
