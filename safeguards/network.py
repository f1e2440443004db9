"""Where a request comes from, for counters and the block list.

Three networks are counted, from the narrow one to the wide one: the address, the
network of one customer, and the range that a provider may give one customer. Only keyed
hashes of them are stored.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from database.keyed_hashes import keyed_hash

# How many bits of an address are one customer's network, by version of IP.
PREFIXES = {4: 24, 6: 64}
# A provider may give one customer all of this range (RFC 6177). Who rotates through its
# 65,536 networks stays in it. In IPv4, a customer gets no more than PREFIXES says.
WIDE_PREFIX = 48
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Network:
    """One address, or one network in CIDR notation; its hash; or "unknown"."""

    key: str

    @property
    def hash(self) -> str:
        """A keyed hash of it, for rows that staff may look at.

        It tells whether two rows came from one network, but not from which.
        """
        return keyed_hash("network", self.key)[:16].hex()


@dataclass(frozen=True)
class Networks:
    """The one to three networks from which a request comes, the narrow one first."""

    narrow_to_wide: tuple[Network, ...]

    @property
    def customer(self) -> Network:
        """The network of one customer: /24 of IPv4, /64 of IPv6."""
        return self.narrow_to_wide[1 if len(self.narrow_to_wide) > 1 else 0]

    @property
    def widest(self) -> Network:
        """The widest range of one customer: /24 of IPv4, /48 of IPv6."""
        return self.narrow_to_wide[-1]

    @property
    def hash(self) -> str:
        """That of `customer`."""
        return self.customer.hash


@dataclass(frozen=True)
class PageVisitor:
    """A browser on one page, as well as that can be told without a cookie.

    Two people of one household with the same browser count as one.
    """

    key: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        said = (request.headers.get(n, "") for n in ("User-Agent", "Accept-Language"))
        return cls("\n".join([client_address(request), request.path, *said]))


def networks_of(request: HttpRequest) -> Networks:
    """The Networks of a request."""
    return _networks(client_address(request))


_posting: ContextVar[Networks | None] = ContextVar("posting", default=None)


@contextmanager
def posting_from(request: HttpRequest) -> Iterator[None]:
    """Let what a public form causes be that of its sender's network."""
    before = _posting.set(networks_of(request))
    try:
        yield
    finally:
        _posting.reset(before)


def posting_network() -> bytes | None:
    """A keyed hash of the widest network whose public form is taken at this moment."""
    networks = _posting.get()
    return keyed_hash("posting", networks.widest.key)[:8] if networks else None


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the connection's, or what the trusted proxies wrote.

    Each trusted proxy appends the address it saw to X-Forwarded-For. So the entry that
    counts is the TRUSTED_PROXIES-th from the right. The visitor wrote what stands to
    the left of it, so that is ignored.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES].strip()
    return peer


def customer_network(address: IPv4Address | IPv6Address) -> str:
    """The network, in CIDR notation, as which an address is counted."""
    address = getattr(address, "ipv4_mapped", None) or address
    return _within(address, PREFIXES[address.version])


def typed_network(written: str) -> Network:
    """The customer's network of an address or network, as a person writes it.

    Raises ValidationError.
    """
    try:
        network = ipaddress.ip_network(written.strip(), strict=False)
    except ValueError:
        raise ValidationError(
            _("Enter an IP address or network, like 203.0.113.7.")
        ) from None
    if network.prefixlen < PREFIXES[network.version]:
        raise ValidationError(
            _("This network is too large. Enter a /24 of IPv4, or a /64 of IPv6.")
        )
    return Network(customer_network(network.network_address))


# It takes 60 µs, and every form asks several times.
@lru_cache(maxsize=1000)
def _networks(written):
    if written.count(":") == 1:  # some proxies add the port: 203.0.113.7:5678
        written = written.partition(":")[0]
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return Networks((Network(UNKNOWN),))
    address = getattr(address, "ipv4_mapped", None) or address
    keys = [str(address), customer_network(address)]
    if address.version == 6:
        keys.append(_within(address, WIDE_PREFIX))
    return Networks(tuple(map(Network, keys)))


def _within(address, prefix):
    return str(ipaddress.ip_network((address, prefix), strict=False))
