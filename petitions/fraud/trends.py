"""Alerts staff to networks and mail domains that sign far more than their share."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from campaigns.local_time import in_words, on_the_clocks
from campaigns.models import Campaign
from petitions.petition import Petition
from petitions.signing import mail_health
from safeguards.mailbox import shared_domains
from staff.models import ABOVE_SHARE, Alert
from supporters.models import DomainOfEmail

# A crowd in one hour: at least so many from one place, more than this share of all, and
# so many times its share of the week before. Fewer than that are a school or an office.
LEAST, SHARE, TIMES = 50, 0.3, 3
USUAL_DAYS = 7


def watch(now=None):
    """Look at the last full hour of every open petition; returns the new alerts."""
    end = (now or timezone.now()).replace(minute=0, second=0, microsecond=0)
    open_ones = Petition.objects.filter(campaign__in=Campaign.objects.open())
    alerts = [
        crowd.sound()
        for petition in open_ones.select_related("campaign")
        for crowd in above_their_share(petition, end - timedelta(hours=1))
    ]
    return [alert for alert in alerts if alert]


@dataclass(frozen=True)
class Crowd:
    """Very many of a petition's signatures in one hour, from one place."""

    petition: Petition
    hour: datetime
    what: str  # "network" or "domain"
    key: str
    number: int
    total: int

    @property
    def words(self):
        if self.what == "network":
            said = _(
                "“%(campaign)s”: of %(total)d signatures in the hour from %(from)s, "
                "%(number)d came from one network (%(key)s)."
            )
        else:
            said = _(
                "“%(campaign)s”: of %(total)d signatures in the hour from %(from)s, "
                "%(number)d have addresses at %(key)s."
            )
        return said % {
            "campaign": self.petition.campaign,
            "number": self.number,
            "total": self.total,
            "from": in_words(self.hour, self.petition.campaign.zone),
            "key": self.short,
        }

    @property
    def short(self):
        """Enough of its key to tell it from others."""
        return self.key[:8] if self.what == "network" else self.key

    @property
    def page(self):
        """The fraud desk with its fields filled in.

        It finds a network by its number.
        """
        desk = reverse("admin:petitions_signature_fraud")
        hours = [self.hour, self.hour + timedelta(hours=1)]
        since, until = (on_the_clocks(at, self.petition.campaign.zone) for at in hours)
        query = {
            "petition": self.petition.pk,
            "since": f"{since:%Y-%m-%dT%H:%M}",
            "until": f"{until:%Y-%m-%dT%H:%M}",
        }
        if self.what == "network":
            query |= {"crowd": LEAST - 1, "crowd_of": "network", "minutes": 60}
        page = f"{desk}?{urlencode(query)}"
        with_domain = f"{page}&{urlencode({'domain': self.key})}"
        most = Alert._meta.get_field("page").max_length
        fits = self.what == "domain" and len(with_domain) <= most
        return with_domain if fits else page

    def sound(self):
        about = f"{self.petition.pk} {self.what} {self.short}"
        return Alert.objects.sound(
            ABOVE_SHARE,
            about,
            lambda: _("Unusually many signatures: please look"),
            lambda: self.words,
            self.page,
        )


def above_their_share(petition, hour):
    """The crowds of an hour that are not usual under this petition."""
    signed = petition.signatures.filter(invalidation=None).annotate(
        domain=DomainOfEmail("confirmation__supporter__email")
    )
    rows = signed.filter(created_at__gte=hour, created_at__lt=hour + timedelta(hours=1))
    total = rows.count()
    if total < LEAST:
        return
    before = signed.filter(
        created_at__gte=hour - timedelta(days=USUAL_DAYS), created_at__lt=hour
    )
    for what, field in (("network", "network_hash"), ("domain", "domain")):
        groups = rows.exclude(**{field: None}).values_list(field)
        for key, number in groups.annotate(n=Count("pk")).filter(n__gte=LEAST):
            share = number / total
            if share > SHARE and share > TIMES * _usual(before, what, field, key):
                yield Crowd(petition, hour, what, key, number, total)


def _usual(before, what, field, key):
    """The share of the place in the week before.

    For a new petition only the domains that very many people share are usual.
    """
    found = before.aggregate(all=Count("pk"), its=Count("pk", filter=Q(**{field: key})))
    if found["all"] >= LEAST:
        return found["its"] / found["all"]
    return 1 if what == "domain" and key in shared_domains() else 0


@app.periodic(cron="11 * * * *")
@app.task(name="petitions.watch_signatures", queueing_lock="watch_signatures")
def watch_signatures(timestamp):
    """Each hour, look for places that sign too much, or that do not confirm."""

    watch()
    mail_health.watch()
