"""How the mails go, in few numbers, for whoever watches the site."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, Q, Subquery, Value, When
from django.utils import timezone

from outbox.failing import FAILED
from outbox.outgoing_mail import STATES, Outcome, OutgoingMail
from safeguards.mailbox import shared_domains

# Only so many mails are looked at, so that a peak costs no more than a quiet hour.
NEWEST = 20_000
OTHER = "other"
# The desk counts how more of them have ended, in so many days, at so many domains.
NEWEST_ENDED, ENDED_DAYS, MOST_DOMAINS = 50_000, 30, 20


def due_by_purpose() -> Iterator[tuple[str, int, float]]:
    """Each purpose of which mails are due: how many, and for how many seconds."""
    now = timezone.now()
    rows = OutgoingMail.objects.due(now).order_by()
    grouped = rows.values_list("purpose").annotate(n=Count("pk"), since=Min("due_at"))
    for purpose, number, since in grouped:
        yield purpose, number, (now - since).total_seconds()


def newest_by_domain() -> dict[tuple[str, str], int]:
    """How many of the newest mails of an hour are in which state, by domain.

    A domain is named if very many people share it; all others are one, since a domain
    of its own can name a person.
    """
    state = Case(
        *[When(rule, then=Value(key)) for key, (_words, rule) in STATES.items()],
        output_field=CharField(),
    )
    shared = When(domain__in=sorted(shared_domains()), then=F("domain"))
    named = Case(shared, default=Value(OTHER), output_field=CharField())
    since = timezone.now() - timedelta(hours=1)
    rows = _newest(NEWEST).filter(queued_at__gte=since)
    counted = rows.annotate(named=named, key=state)
    pairs = counted.values_list("named", "key").annotate(n=Count("pk"))
    return {(domain, key): number for domain, key, number in pairs}


def ended_by_domain() -> list[dict[str, Any]]:
    """How many of the newest mails have ended, failed, and were called spam.

    All together come first, as the domain None, and then the domains with most mails.
    """
    since = timezone.now() - timedelta(days=ENDED_DAYS)
    ended = _newest(NEWEST_ENDED).filter(settled_at__gte=since)
    ended = ended.exclude(outcome=Outcome.STOPPED)
    numbers = {
        "sent": Count("pk"),
        "failed": Count("pk", filter=FAILED),
        "complained": Count("pk", filter=Q(complained_at__isnull=False)),
    }
    together = {"domain": None, **ended.aggregate(**numbers)}
    domains = ended.values("domain").annotate(**numbers).order_by("-sent", "domain")
    rows = [together, *domains[:MOST_DOMAINS]]
    for row in rows if together["sent"] else []:
        row["failed_percent"] = 100 * row["failed"] / row["sent"]
        row["complained_percent"] = 100 * row["complained"] / row["sent"]
    return rows


def _newest(number):
    newest = OutgoingMail.objects.order_by("-pk").values("pk")[:1]
    return OutgoingMail.objects.filter(pk__gt=Subquery(newest) - number).order_by()
