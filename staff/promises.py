"""What pages and mails promise, who keeps it, and what is overdue (decision 42).

A promise is a view of rows that are there for another reason: those that wait, since
when, and until when. Each app declares its own: an AppConfig offers `promises()`. From
these come the desk's page, and the look that the worker takes each day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.apps import apps
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext

from database.kept import Period, back
from staff.alerts.models import Alert
from staff.reach import has_everywhere

ALERT = "promise"
# Where a sentence names no time, a person should have done it after so many days, and
# the site by itself after one.
PERSON_DAYS, SITE_DAYS = 7, 1
PERSON, SITE = "person", "site"
# The desk counts no further; what waits longest is among these.
MOST_COUNTED = 1000


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something that our texts promise, and the rows of those who wait for it.

    `rows` finds what waits, `since` is the column from which that counts, and `within`
    says how long it may take: days, or the name of a setting. What has no rows is
    watched elsewhere, and `how` says where.
    """

    name: str
    title: str | Lazy
    keeper: str = PERSON
    rows: Callable[[], QuerySet] | None = None
    since: str = ""
    within: tuple[Period, ...] = (PERSON_DAYS,)
    how: str | Lazy = ""
    # Where it is done, and who may do it there; everybody without a permission.
    page: Callable[[], str] | None = None
    permission: str = ""

    def is_kept_by(self, keeper: str) -> bool:
        """Whether what waits for it waits for this keeper."""
        return self.rows is not None and self.keeper == keeper

    def waiting(self) -> "Promised":
        """What waits now; one statement, however much there is."""
        if self.rows is None:
            return Promised(self)
        late = Q(**{f"{self.since}__lt": back(*self.within)})
        oldest = self.rows().order_by(self.since)[: MOST_COUNTED + 1]
        numbers = oldest.aggregate(
            number=Count("pk"), since=Min(self.since), late=Count("pk", filter=late)
        )
        return Promised(self, **numbers)

    def oldest_overdue(self) -> datetime | None:
        """Since when the oldest waits of what is overdue; None if nothing is."""
        if self.rows is None:
            return None
        overdue = self.rows().filter(**{f"{self.since}__lt": back(*self.within)})
        oldest = overdue.order_by(self.since).values_list(self.since, flat=True)
        return oldest.first()


@dataclass(frozen=True)
class Promised:
    """How much of a promise waits, since when the oldest does, and how much is late."""

    promise: Promise
    number: int = 0
    since: datetime | None = None
    late: int = 0

    @property
    def is_more(self) -> bool:
        """Whether more waits than was counted."""
        return self.number > MOST_COUNTED

    @property
    def due(self) -> datetime | None:
        """When the oldest is due."""
        may_take = timezone.now() - back(*self.promise.within)
        return self.since and self.since + may_take


def promises() -> list[Promise]:
    """All promises, in the order of the apps."""
    return [
        promise
        for config in apps.get_app_configs()
        for promise in getattr(config, "promises", list)()
    ]


def promised_to(user) -> list[Promised]:
    """What waits of the promises that this person may look after, the latest first.

    The numbers are those of all campaigns.
    """
    found = [
        promise.waiting()
        for promise in promises()
        if not promise.permission or has_everywhere(user, promise.permission)
    ]
    return sorted(found, key=lambda each: (-each.late, -each.number))


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
                reverse("promises"),
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
