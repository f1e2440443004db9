from datetime import datetime, time, timedelta

ONE_DAY = timedelta(days=1)


class OfficeHours:
    """When an office reads its mail: (time, time) by its own clocks, or always."""

    def __init__(self, zone, opens=None, closes=None, *, workdays_only=False):
        self.zone, self.opens, self.closes = zone, opens, closes
        self.workdays_only = workdays_only

    def next_open(self, moment):
        """This moment, or the first one after it within office hours."""
        if self.opens is None:
            return moment
        local = moment.astimezone(self.zone)
        if self._is_workday(local) and self.opens <= local.time() < self.closes:
            return moment
        day = local.date()
        if local.time() >= self.opens:
            day += ONE_DAY
        while not self._is_workday(day):
            day += ONE_DAY
        return datetime.combine(day, self.opens, self.zone).astimezone(moment.tzinfo)

    def after_workdays(self, moment, number):
        """The midnight by which so many whole workdays have passed since its day."""
        day = moment.astimezone(self.zone).date()
        while number > 0:
            day += ONE_DAY
            number -= self._is_workday(day)
        midnight = datetime.combine(day + ONE_DAY, time(), self.zone)
        return midnight.astimezone(moment.tzinfo)

    def _is_workday(self, day):
        return day.weekday() < 5 or not self.workdays_only
