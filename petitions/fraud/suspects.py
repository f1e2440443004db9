"""Finds signatures that no person may have made: by place, time, name and speed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import CharField, Count, F, Func, Lookup, Max, Q, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncHour
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from petitions.petition import Petition
from reporting import charts
from safeguards.mailbox import Mailbox
from supporters.models import DomainOfEmail

SAMPLE, MOST_GROUPS = 50, 10


@CharField.register_lookup
class Like(Lookup):
    """LIKE without case; unlike other patterns, it cannot take long."""

    lookup_name = "like"

    def as_sql(self, compiler, connection):
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*left_values, *right_values)


# By what signatures are of one crowd.
_KEYS = {
    "network": "network_hash",
    "domain": "domain",
    "mailbox": "confirmation__supporter__mailbox",
}


@dataclass(frozen=True)
class Search:
    """What a member of staff looks for under one petition; all conditions must hold."""

    petition: Petition
    since: datetime | None = None
    until: datetime | None = None
    address: str = ""
    domain: str = ""
    network: str = ""
    name: str = ""
    crowd: int | None = None
    crowd_of: str = "network"
    minutes: int = 10
    seconds: int | None = None

    @property
    def has_condition(self):
        """Whether it asks for less than all signatures of the petition."""
        return bool(self._said)

    def rows(self):
        """The signatures found that are counted, or may still be."""
        if not self.crowd:
            return self._matching()
        # One array is one parameter; a list of so many keys would be too many.
        keys = RawSQL("SELECT unnest(%s::bigint[])", [self._crowded])
        return self.petition.signatures.can_be_invalidated().filter(pk__in=keys)

    def _matching(self):
        rows = self.petition.signatures.can_be_invalidated()
        if self.since:
            rows = rows.filter(created_at__gte=self.since)
        if self.until:
            rows = rows.filter(created_at__lt=self.until)
        if self.network:
            rows = rows.filter(network_hash=self.network)
        if self.domain or (self.crowd and self.crowd_of == "domain"):
            rows = _with_domain(rows)
        if self.domain:
            rows = rows.filter(domain__in=Mailbox(f"@{self.domain}").domains)
        if "*" in self.address:
            pattern = _pattern(self.address)
            rows = rows.filter(confirmation__supporter__email__like=pattern)
        elif self.address:
            mailbox = Mailbox(self.address).key
            rows = rows.filter(confirmation__supporter__mailbox=mailbox)
        if self.name:
            rows = rows.filter(name__like=_pattern(self.name))
        if self.seconds:
            rows = rows.filter(
                confirmed_at__lt=F("created_at") + timedelta(seconds=self.seconds)
            )
        return rows

    @cached_property
    def _crowded(self):
        """The keys of signatures that came with more than `crowd` from one place.

        They came within one of the windows into which each hour is divided. They are
        read once, since that takes a second or two.
        """
        key = _KEYS[self.crowd_of]
        window = Func(
            Value(timedelta(minutes=self.minutes)),
            F("created_at"),
            Value(datetime.fromisoformat("2000-01-01T00:00+00:00")),
            function="date_bin",
        )
        numbered = (
            self._matching()
            .exclude(**{key: None})
            .annotate(together=Window(Count("pk"), partition_by=[F(key), window]))
        )
        return list(
            numbered.filter(together__gt=self.crowd).values_list("pk", flat=True)
        )

    def numbers(self):
        """How many were found, how many of them count, and the newest one's key."""
        return self.rows().aggregate(
            number=Count("pk"),
            counted=Count("pk", filter=Q(counted=True)),
            newest=Max("pk", default=0),
        )

    def sample(self):
        """The newest signatures found; those of a mailbox beside each other."""
        rows = self.rows().select_related("petition", "confirmation__supporter")
        beside = [_KEYS["mailbox"]] if self.crowd and self.crowd_of == "mailbox" else []
        return list(rows.order_by(*beside, "-pk")[:SAMPLE])

    def domains(self):
        rows = _with_domain(self.rows()).values_list("domain")
        return list(rows.annotate(n=Count("pk")).order_by("-n", "domain")[:MOST_GROUPS])

    def networks(self):
        rows = self.rows().exclude(network_hash=None).values_list("network_hash")
        grouped = rows.annotate(n=Count("pk")).order_by("-n", "network_hash")
        return list(grouped[:MOST_GROUPS])

    def hours(self):
        rows = self.rows().annotate(hour=TruncHour("created_at")).values_list("hour")
        return charts.by_hour(dict(rows.annotate(n=Count("pk")).order_by("hour")))

    @property
    def words(self):
        """The conditions for the record, one on each line.

        An address that was searched for is not written down: the record outlives it.
        """
        return "\n".join(map(str, self._said))

    @property
    def _said(self):
        said = []
        if self.since:
            said.append(_("signed since %s") % _moment(self.since))
        if self.until:
            said.append(_("signed before %s") % _moment(self.until))
        if self.address:
            said.append(_("one email address, in all its spellings"))
        if self.domain:
            said.append(_("mail domain %s") % self.domain)
        if self.network:
            said.append(_("network %s") % self.network[:8])
        if self.name:
            said.append(_("name like “%s”") % self.name)
        if self.crowd:
            of = {
                "network": _(
                    "more than %(n)d from one network within %(minutes)d minutes"
                ),
                "domain": _(
                    "more than %(n)d of one mail domain within %(minutes)d minutes"
                ),
                "mailbox": _(
                    "more than %(n)d of one mailbox within %(minutes)d minutes"
                ),
            }
            n = {"n": self.crowd, "minutes": self.minutes}
            said.append(of[self.crowd_of] % n)
        if self.seconds:
            said.append(_("confirmed within %d seconds") % self.seconds)
        return said


def _with_domain(rows):
    return rows.annotate(domain=DomainOfEmail("confirmation__supporter__email"))


def _pattern(name):
    """A name with stars as LIKE has it; without stars, the name may stand anywhere."""
    for sign in "\\%_":
        name = name.replace(sign, f"\\{sign}")
    return name.replace("*", "%") if "*" in name else f"%{name}%"


def _moment(at):
    return date_format(at, "Y-m-d H:i T")
