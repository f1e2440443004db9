from datetime import datetime, timedelta


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
            day += timedelta(days=1)
        while not self._is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.opens, self.zone).astimezone(moment.tzinfo)

    def _is_workday(self, day):
        return day.weekday() < 5 or not self.workdays_only
