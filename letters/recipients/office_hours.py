from datetime import UTC, datetime, time, timedelta

ONE_DAY = timedelta(days=1)
# When a day's mail leaves to an office that has not told us its hours.
MORNING = time(8)
MONDAY = 0


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
        if self.is_workday(local) and self.opens <= local.time() < self.closes:
            return moment
        day = local.date()
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
        return day.weekday() < 5 or not self.workdays_only


class MailDays:
    """When an office gets its one mail a day, or a week, by its own clocks.

    It goes as the office opens, on workdays; a week's mail goes on Monday.
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
        if self.is_weekly:
            return day.weekday() == MONDAY
        return self.hours.is_workday(day)

    def _had_mail(self, day, last):
        if last is None:
            return False
        before = last.astimezone(self.hours.zone).date()
        if self.is_weekly:
            return day.isocalendar()[:2] <= before.isocalendar()[:2]
        return day <= before
