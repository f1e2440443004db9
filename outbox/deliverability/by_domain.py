"""What became of our mails at each domain that receives them."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from outbox.failing import TROUBLE_LEAST, TROUBLE_PERCENT

DAYS, LATELY = 30, 7
# So many domains stand in rows of their own; the rest is one row.
MOST = 20
_COUNTED = """
    count(*),
    count(*) FILTER (WHERE outcome = 'refused'),
    count(*) FILTER (WHERE outcome = 'given_up'),
    count(*) FILTER (WHERE bounced_at IS NOT NULL),
    count(*) FILTER (WHERE complained_at IS NOT NULL)
"""
_FAILED = "(outcome IN ('refused', 'given_up') OR bounced_at IS NOT NULL)"
# All together is one more group of the same reading of the table, and comes first.
_BY_DOMAIN = f"""
    SELECT domain, {_COUNTED},
        count(*) FILTER (WHERE {_FAILED}),
        count(*) FILTER (WHERE settled_at >= %(lately)s),
        count(*) FILTER (WHERE settled_at >= %(lately)s AND {_FAILED})
    FROM outbox_outgoingmail
    WHERE settled_at >= %(since)s AND outcome <> 'stopped'
    GROUP BY GROUPING SETS ((), (domain))
    ORDER BY GROUPING(domain) DESC, count(*) DESC, domain
    LIMIT %(most)s
"""
_BY_DAY = f"""
    SELECT (settled_at AT TIME ZONE %(zone)s)::date, {_COUNTED}
    FROM outbox_outgoingmail
    WHERE settled_at >= %(since)s AND outcome <> 'stopped' AND domain = %(domain)s
    GROUP BY 1 ORDER BY 1 DESC
"""


@dataclass(frozen=True)
class DomainFigures:
    """Of the mails to a domain that have ended: how many, and how they failed.

    A mail that came back, or that its owner marked as spam, was sent before. Confirmed
    is what people were asked by mail in these days. `domain` is None for all of them
    together, and "" for the domains without a row.
    """

    domain: str | None
    sent: int = 0
    refused: int = 0
    given_up: int = 0
    bounced: int = 0
    complained: int = 0
    failed: int = 0
    lately: int = 0
    failed_lately: int = 0
    confirmed: int = 0

    @property
    def ended(self) -> list[int]:
        """How many were sent, refused, given up, came back, were marked as spam, and
        how often people confirmed."""
        return [
            self.sent,
            self.refused,
            self.given_up,
            self.bounced,
            self.complained,
            self.confirmed,
        ]

    @property
    def percent_lately(self) -> float | None:
        """How many of the last days' mails failed, in percent; None without any."""
        return _percent(self.failed_lately, self.lately)

    @property
    def percent_before(self) -> float | None:
        return _percent(self.failed - self.failed_lately, self.sent - self.lately)

    @property
    def has_risen(self) -> bool:
        """Whether far more failed in the last days, so that somebody should look."""
        now, before = self.percent_lately or 0, self.percent_before or 0
        is_much = self.failed_lately >= TROUBLE_LEAST and now > TROUBLE_PERCENT
        return is_much and now > 2 * before


def by_domain() -> list[DomainFigures]:
    """All together, the domains with most mails, and the others as one row."""
    now = timezone.now()
    given: dict[str, Any] = {
        "since": now - timedelta(days=DAYS),
        "lately": now - timedelta(days=LATELY),
        "most": MOST + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_DOMAIN, given)
        together, *found = (DomainFigures(*row) for row in cursor.fetchall())
    confirmed = _confirmed_at([each.domain for each in found], given["since"])
    together = replace(together, confirmed=confirmed.total())
    found = [replace(each, confirmed=confirmed[each.domain]) for each in found]
    rest = _numbers(together)
    for each in found:
        rest = [a - b for a, b in zip(rest, _numbers(each), strict=True)]
    others = [DomainFigures("", *rest)] if rest[0] else []
    return [together, *found, *others]


def by_day(domain: str) -> list[tuple[date, int, int, int, int, int, int]]:
    """The same of one domain for each day on which mails ended, the newest first.

    Who confirmed stands on the day of the mail.
    """
    given: dict[str, Any] = {
        "since": timezone.now() - timedelta(days=DAYS),
        "zone": timezone.get_default_timezone_name(),
        "domain": domain,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, given)
        rows = cursor.fetchall()
    confirmed = _confirmed_on(domain, given["since"])
    return [(*row, confirmed[row[0]]) for row in rows]


def _confirmed_at(domains, since):
    """How often people confirmed what was asked since then, at each of these domains.

    "" stands for all others.
    """
    shown = Case(When(domain__in=domains, then=F("domain")), default=Value(""))
    return _counted(since, lambda asked: asked.annotate(key=shown))


def _confirmed_on(domain, since):
    """The same at one domain, by the day of the mail that asked."""
    day = TruncDate("sent_at", tzinfo=timezone.get_default_timezone())
    return _counted(since, lambda asked: asked.filter(domain=domain).annotate(key=day))


def _counted(since, keyed):
    """An AppConfig offers `confirmed(since)`: what was asked by mail since then and
    confirmed, each with `domain` and `sent_at`."""
    found = Counter()
    for config in apps.get_app_configs():
        if hasattr(config, "confirmed"):
            asked = keyed(config.confirmed(since)).order_by().values_list("key")
            found.update(dict(asked.annotate(Count("pk"))))
    return found


def _numbers(figures):
    _domain, *numbers = vars(figures).values()
    return numbers


def _percent(part, whole):
    return round(100 * part / whole, 1) if whole else None
