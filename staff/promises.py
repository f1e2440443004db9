"""What pages and mails promise, and what of it is overdue (decision 42).

A promise is a view of rows that are there for another reason: those that wait, since
when, and until when. Each app declares its own: an AppConfig offers `promises()`. The
worker looks each day, and alerts staff to what is overdue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext

from database.kept import Period, back
from staff.alerts.models import Alert

ALERT = "promise"
# Where a sentence names no time, a person should have done it after so many days, and
# the site by itself after one.
PERSON_DAYS, SITE_DAYS = 7, 1


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something that our texts promise, and the rows of those who wait for it.

    `rows` finds what waits, `since` is the column from which that counts, and `within`
    says how long it may take: days, or the name of a setting. `page` is where it is
    done.
    """

    name: str
    title: str | Lazy
    rows: Callable[[], QuerySet]
    since: str
    page: Callable[[], str]
    within: tuple[Period, ...] = (PERSON_DAYS,)

    def oldest_overdue(self) -> datetime | None:
        """Since when the oldest waits of what is overdue; None if nothing is."""
        overdue = self.rows().filter(**{f"{self.since}__lt": back(*self.within)})
        oldest = overdue.order_by(self.since).values_list(self.since, flat=True)
        return oldest.first()


def promises() -> list[Promise]:
    """All promises, in the order of the apps."""
    return [
        promise
        for config in apps.get_app_configs()
        for promise in getattr(config, "promises", list)()
    ]


def check_and_alert() -> None:
    """Alert staff to each promise that is overdue; close alerts of those kept since."""
    for promise in promises():
        since = promise.oldest_overdue()
        if since is None:
            Alert.objects.filter(kind=ALERT, about=promise.name).close()
        else:
            Alert.objects.sound(
                ALERT,
                promise.name,
                lambda: gettext("Overdue: something that we have promised"),
                partial(_overdue, promise, since),
                promise.page(),
                until_closed=True,
            )


def _overdue(promise, since):
    return gettext(
        "We have promised this, and it is overdue: %(promise)s. The oldest has "
        "waited since %(since)s."
    ) % {
        "promise": promise.title,
        "since": date_format(timezone.localtime(since), "DATETIME_FORMAT"),
    }
