"""Limits that hold across every web process, counted in PostgreSQL (decision 11).

A hit is counted in one statement of its own, outside the transaction of the act, so
that a refused act still counts. Networks and addresses are stored as keyed hashes
only, and each row is forgotten a day after its window.
"""

import hmac
import ipaddress
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

MINUTE, HOUR, DAY = 60, 3600, 86400
# By the version of IP: how much of an address is one customer's network.
PREFIXES = {4: 24, 6: 64}
# A provider may give one customer all of this (RFC 6177): who rotates through its
# 65,536 networks stays within it.
WIDE_PREFIX = 48
# What is counted for an address, by the apps above; erasure forgets these.
OF_ADDRESSES = (
    ("mail", HOUR),
    ("mail", DAY),
    ("code", DAY),
)


class Hits(models.Model):
    """How often something happened in one window of time."""

    key = models.BinaryField(primary_key=True, max_length=16)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "campaign_site"
        verbose_name_plural = "hits"

    def __str__(self):
        return f"{self.count} until {self.ends_at}"


def hit(*counters):
    """Count one hit on each (name, value, window in seconds), in one statement.

    Returns the hits in each counter's present window, this one included. Windows are
    fixed: they start at multiples of their length since 1970 (UTC).
    """
    return hit_and_ask(counters)[0]


def hit_and_ask(counters, question="SELECT NULL, NULL WHERE false", values=()):
    """The same, and rows of two texts, for which a SELECT asks in the same statement.

    What every form needs to know should not cost it a journey of its own.
    """
    now = timezone.now().timestamp()
    rows = [
        (_key(name, value, now // window), _end(now, window))
        for name, value, window in counters
    ]
    # In the order of the keys, so that two requests never wait for each other's rows.
    hits = [part for row in sorted(rows) for part in row]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH hit AS (INSERT INTO campaign_site_hits (key, count, ends_at) VALUES "
            + ", ".join(["(%s, 1, %s)"] * len(rows))
            + " ON CONFLICT (key) DO UPDATE SET count = campaign_site_hits.count + 1"
            " RETURNING key, count) SELECT key, count, NULL, NULL FROM hit"
            f" UNION ALL SELECT NULL, NULL, a, b FROM ({question}) AS asked (a, b)",
            [*hits, *values],
        )
        found = cursor.fetchall()
    counts = {bytes(key): count for key, count, *_ in found if key is not None}
    answers = [tuple(answer) for key, _count, *answer in found if key is None]
    return [counts[key] for key, _ in rows], answers


def take(name, window, number, most):
    """Take up to `number` of the `most` of this window, over all processes.

    Returns how many are granted. A negative number gives back what was not used.
    """
    key = _key(name, "", timezone.now().timestamp() // window)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO campaign_site_hits (key, count, ends_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (key) DO UPDATE SET"
            " count = greatest(0, campaign_site_hits.count + %s) RETURNING count",
            [key, max(0, number), window_end(window), number],
        )
        [count] = cursor.fetchone()
    before = count - number
    return max(0, min(number, most - before))


def reason_to_hold(request, act, *, email="", is_trapped=False, ask=()):
    """Why an act waits for a person: "flood", "domain", "honeypot"; "" for no reason;
    and the answers to what else is asked (hit_and_ask).

    Counts the act for its network, and for the domain of its address where that is not
    a provider's that very many people share. A filled honeypot is held, never dropped:
    browsers fill in hidden fields, too.
    """
    come_from = network(request)
    most = [("flood", act, come_from, settings.LIMIT_ACTS_BEFORE_HELD)]
    if wide := _wide_network(come_from):
        most.append(("flood", act, wide, settings.LIMIT_ACTS_OF_WIDE_NETWORK))
    domain = email.rpartition("@")[2].lower()
    if domain and domain not in shared_domains():
        most.append(("domain", f"{act} @", domain, settings.LIMIT_ACTS_OF_DOMAIN))
    counters = [(name, value, HOUR) for _why, name, value, _limit in most]
    counts, answers = hit_and_ask(counters, *ask)
    for (why, _name, _value, limit), hits in zip(most, counts, strict=True):
        if hits > limit:
            return why, answers
    return "honeypot" if is_trapped else "", answers


def count(name, value, window):
    """The hits so far in the present window, without adding one."""
    key = _key(name, value, timezone.now().timestamp() // window)
    return Hits.objects.filter(key=key).values_list("count", flat=True).first() or 0


def window_end(window):
    """When the present window of this many seconds is over."""
    return _end(timezone.now().timestamp(), window)


def old_hits():
    """The counters whose window ended a day ago."""
    return Hits.objects.filter(ends_at__lt=timezone.now() - timedelta(days=1))


def forget_address(email):
    """Delete what was counted for an address, in every window that is still kept."""
    now = timezone.now().timestamp()
    keys = [
        _key(name, email, now // window - back)
        for name, window in OF_ADDRESSES
        # A window is kept for a day after its end, and until the next night.
        for back in range(3 * DAY // window + 1)
    ]
    Hits.objects.filter(key__in=keys).delete()


def client_address(request):
    """The visitor's address: the peer's, or what the trusted proxies wrote.

    Each trusted proxy appends the address it saw to X-Forwarded-For, so the entry
    that counts is TRUSTED_PROXIES from the right; what stands left of it was written
    by the visitor and is ignored.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES].strip()
    return peer


def network(request):
    """The visitor's network: /24 for IPv4, /64 for IPv6 (what one customer gets)."""
    if not hasattr(request, "network"):
        request.network = _network(request)
    return request.network


def _network(request):
    written = client_address(request)
    if written.count(":") == 1:  # some proxies add the port: 203.0.113.7:5678
        written = written.partition(":")[0]
    try:
        return network_of(ipaddress.ip_address(written))
    except ValueError:
        return "unknown"


def network_of(address):
    """The network of an ipaddress object that counts as one visitor's."""
    if mapped := getattr(address, "ipv4_mapped", None):
        address = mapped
    prefix = PREFIXES[address.version]
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _wide_network(network):
    if ":" not in network:  # of IPv4, what one customer gets is narrow
        return ""
    address = ipaddress.ip_network(network).network_address
    return str(ipaddress.ip_network((address, WIDE_PREFIX), strict=False))


@cache
def shared_domains():
    """Mail domains that very many people share."""
    file = Path(__file__).with_name("mailbox_providers.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def network_hash(request):
    """A keyed hash of the visitor's network, for rows that a person may look at.

    It tells whether two rows came from one network, and not from which.
    """
    secret = b"network" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, network(request).encode(), sha256)[:16].hex()


def _key(name, value, window_number):
    message = f"{name}\n{value}\n{window_number:.0f}".encode()
    secret = b"limits" + settings.SECRET_KEY.encode()
    return hmac.digest(secret, message, sha256)[:16]


def _end(now, window):
    return datetime.fromtimestamp((now // window + 1) * window, tz=UTC)
