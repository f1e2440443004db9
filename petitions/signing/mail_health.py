"""Whether confirmation mails arrive, by mailbox provider, and an alert when fewer do.

It compares how many are asked in an hour, and how many of these confirm within an hour
of signing. Past hours can be compared, since these numbers do not grow any more.
Domains that few people share stand in one row, since a row of its own could be one
person.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from petitions.signing.models import Signature
from safeguards.mailbox import shared_domains
from staff.models import Alert
from supporters.acts.equal_posts import but_repeats
from supporters.models import DomainOfEmail

HOUR = timedelta(hours=1)
# The page shows so many hours, beside the usual days.
SHOWN, USUAL = timedelta(hours=24), timedelta(days=7)
# An alert needs so many mails in the last hours that are over, and so many in the week
# before. Of 30 people of whom half confirm as a rule, fewer than eight do once in 380
# times.
LEAST, LEAST_USUAL, LAST_HOURS = 30, 100, 3
ALL, OTHERS = "all", "others"
NAMES = {
    ALL: gettext_lazy("All together"),
    OTHERS: gettext_lazy("Other providers"),
}


@dataclass
class Numbers:
    """How many of some mails were asked for, handed over, confirmed, and soon."""

    asked: int = 0
    sent: int = 0
    confirmed: int = 0
    soon: int = 0

    def add(self, other):
        self.asked += other.asked
        self.sent += other.sent
        self.confirmed += other.confirmed
        self.soon += other.soon

    @property
    def share(self):
        """How many confirmed within an hour, in percent; None without any mail."""
        return round(100 * self.soon / self.asked) if self.asked else None


@dataclass
class Provider:
    """How the mails to one provider go: each hour, and in all."""

    key: str
    since: datetime
    settled: datetime  # later hours are not over, or not for an hour
    hours: dict = field(default_factory=dict)
    now: Numbers = field(default_factory=Numbers)
    usual: Numbers = field(default_factory=Numbers)
    latest: Numbers = field(default_factory=Numbers)

    def add(self, hour, numbers):
        if hour < self.since:
            self.usual.add(numbers)
            return
        self.hours.setdefault(hour, Numbers()).add(numbers)
        if hour < self.settled:
            self.now.add(numbers)
            if hour >= self.settled - LAST_HOURS * HOUR:
                self.latest.add(numbers)

    @property
    def name(self):
        return NAMES.get(self.key, self.key)

    @property
    def is_known(self):
        """Whether there were enough mails to say how it goes."""
        return self.latest.asked >= LEAST and self.usual.asked >= LEAST_USUAL

    @property
    def has_dropped(self):
        """Whether the last hours that are over had less than half the usual share."""
        if not self.is_known:
            return False
        # This is soon / asked < usual / 2, without dividing.
        return (
            2 * self.latest.soon * self.usual.asked
            < self.usual.soon * self.latest.asked
        )

    @property
    def rows(self):
        """Its hours, the newest first: (hour, numbers, whether it is settled)."""
        return [
            (hour, numbers, hour < self.settled)
            for hour, numbers in sorted(self.hours.items(), reverse=True)
        ]


class Health:
    """The last hours and the week before."""

    def __init__(self, now=None):
        self._now = now or timezone.now()
        self._since = hour_of(self._now) - SHOWN
        self._providers = {ALL: self._new(ALL)}
        for at, key, *numbers in counted_since(self._since - USUAL):
            for name in (key or OTHERS, ALL):
                mine = self._providers.setdefault(name, self._new(name))
                mine.add(at, Numbers(*numbers))

    def of(self, key):
        """One provider; if it had no mails, all together."""
        return self._providers.get(key) or self._providers[ALL]

    @cached_property
    def providers(self):
        """All together first, then each provider by how many were asked."""
        found = [p for p in self._providers.values() if p.now.asked or p.hours]
        return sorted(found, key=lambda p: (p.key != ALL, -p.now.asked, p.key))

    def _new(self, key):
        return Provider(key, self._since, settled=hour_of(self._now) - HOUR)


def hour_of(moment):
    return moment.replace(minute=0, second=0, microsecond=0)


def counted_since(since):
    """The mails that were asked for from this hour on, by hour and provider."""
    signed = Signature.objects.annotate(
        hour=TruncHour("created_at"),
        domain=DomainOfEmail("confirmation__supporter__email"),
        provider=Case(
            When(domain__in=sorted(shared_domains()), then=F("domain")),
            default=Value(""),
        ),
    ).filter(
        # Signatures whose owner is not mailed do not count: held ones, and those
        # from a mail.
        Q(held_at=None) | ~Q(released_at=None),
        Q(confirmed_at=None) | Q(confirmation__sent_at__isnull=False),
        created_at__gte=since,
        rejected_at=None,
        invalidation=None,
        confirmation__isnull=False,
    )
    return (
        but_repeats(signed)
        .values_list("hour", "provider")
        .annotate(
            asked=Count("pk"),
            sent=Count("pk", filter=Q(confirmation__sent_at__isnull=False)),
            confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
            soon=Count("pk", filter=Q(confirmed_at__lt=F("created_at") + HOUR)),
        )
    )


def watch(now=None):
    """Sound an alert for each provider that has dropped; close those that are over.

    If all drop together, it is our own mail: one alert. Returns the new ones.
    """
    health = Health(now=now)
    together = health.of(ALL)
    alerts = []
    for provider in health.providers:
        open_ones = Alert.objects.filter(kind="confirmations", about=provider.key)
        if not provider.has_dropped:
            if provider.is_known:
                open_ones.close()
        elif provider is together or not together.has_dropped:
            alerts.append(_sound(provider))
    return [alert for alert in alerts if alert]


def _sound(provider):
    said = gettext_lazy(
        "Fewer people than usual confirm at %(provider)s. Of %(asked)d people we "
        "emailed in the last hours, %(soon)d confirmed within an hour "
        "(%(share)d%%, usually %(usual)d%%)."
    )
    numbers = {
        "soon": provider.latest.soon,
        "asked": provider.latest.asked,
        "share": provider.latest.share,
        "usual": provider.usual.share,
    }
    page = reverse("admin:petitions_petition_confirmations")
    page = f"{page}?provider={provider.key}"
    return Alert.objects.sound(
        "confirmations",
        provider.key,
        gettext_lazy("Fewer people than usual confirm"),
        lambda: said % {**numbers, "provider": provider.name},
        page,
        until_closed=True,
    )
