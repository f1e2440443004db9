"""What became of our mails at each domain that receives them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
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

    A mail that came back, or that its owner marked as spam, was sent before. `domain`
    is None for all of them together, and "" for the domains without a row.
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

    @property
    def ended(self) -> list[int]:
        """How many were sent, refused, given up, came back and were marked as spam."""
        return [
            self.sent,
            self.refused,
            self.given_up,
            self.bounced,
            self.complained,
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
    numbers = [_numbers(each) for each in found]
    sums = [sum(column) for column in zip(*numbers, strict=True)] or [0] * 8
    rest = [a - b for a, b in zip(_numbers(together), sums, strict=True)]
    others = [DomainFigures("", *rest)] if rest[0] else []
    return [together, *found, *others]


def by_day(domain: str) -> list[tuple[date, int, int, int, int, int]]:
    """The same of one domain for each day on which mails ended, the newest first."""
    given: dict[str, Any] = {
        "since": timezone.now() - timedelta(days=DAYS),
        "zone": timezone.get_default_timezone_name(),
        "domain": domain,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, given)
        return cursor.fetchall()


def _numbers(figures):
    _domain, *numbers = vars(figures).values()
    return numbers


def _percent(part, whole):
    return round(100 * part / whole, 1) if whole else None
