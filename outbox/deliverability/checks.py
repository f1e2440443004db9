"""What receiving servers find when they look up our mail domain, checked beforehand.

Nothing here knows a page: `check()` takes the domain from the settings, asks the DNS
and returns findings by name. Their words are in `words.py`.
"""

import base64
import binascii
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings

from outbox.deliverability.lookups import Lookups, Unanswered
from outbox.deliverability.spf import mended, spf_problem, spf_records

# Servers ignore a shorter key (RFC 8301); this is what they advise.
LEAST_BITS, ENOUGH_BITS = 1024, 2048
# What is shown of the records that were found: so many, and so much of each.
MOST_SHOWN, SHOWN_CHARACTERS = 5, 300
MOST_ADDRESSES = 4
SELECTOR = re.compile(
    r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)
_POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True)
class DomainFinding:
    """One thing that was looked up: the name of its problem, or of its being good.

    `found` are records as they are, written by anybody; `record` is one to copy, as
    name, type and value.
    """

    problem: str
    found: tuple[str, ...] = ()
    record: tuple[str, str, str] | None = None

    @property
    def subject(self) -> str:
        return self.problem.partition("_")[0]


def check(selector: str = "") -> list[DomainFinding]:
    """Look up all of it at once; takes no longer than SECONDS_IN_ALL.

    `selector` is the name under which the mail service has put its DKIM key, if known.
    """
    lookups, domain = Lookups(), settings.MAIL_DOMAIN
    looks: dict[str, Callable[[], DomainFinding]] = {
        "spf": lambda: _spf(lookups, domain),
        "dkim": lambda: _dkim(lookups, domain, selector),
        "dmarc": lambda: _dmarc(lookups, domain),
        "aligned": lambda: _aligned(lookups, domain),
        "mx": lambda: _mx(lookups, domain),
        "ptr": lambda: _ptr(lookups),
        "tls": _tls,
    }
    with ThreadPoolExecutor(len(looks)) as threads:
        return list(threads.map(_or_unanswered, looks, looks.values()))


def _or_unanswered(subject, look):
    try:
        return look()
    except Unanswered:
        return DomainFinding(f"{subject}_unanswered")


def _shown(records):
    return tuple(record[:SHOWN_CHARACTERS] for record in records[:MOST_SHOWN])


def _spf(lookups, domain):
    records = spf_records(lookups, domain)
    problem = spf_problem(lookups, records)
    value = {
        "spf_missing": "v=spf1 mx include:NAME-FROM-YOUR-MAIL-SERVICE ~all",
        "spf_several": mended(records),
        "spf_everybody": mended(records),
        "spf_open": mended(records),
    }.get(problem)
    record = (domain, "TXT", value[:SHOWN_CHARACTERS]) if value else None
    return DomainFinding(problem, _shown(records), record)


def _dkim(lookups, domain, selector):
    if not selector:
        return DomainFinding("dkim_selector")
    texts = lookups.texts(f"{selector}._domainkey.{domain}")
    if not texts:
        return DomainFinding("dkim_missing")
    return DomainFinding(_problem_of_key(texts), _shown(texts))


def _problem_of_key(texts):
    tags = _tags(texts[0])
    if len(texts) > 1 or tags is None or "p" not in tags:
        return "dkim_unreadable"
    if not tags["p"]:
        return "dkim_revoked"
    bits = _bits_of(tags["p"], tags.get("k", "rsa").lower())
    if bits is None:
        return "dkim_unreadable"
    if bits < LEAST_BITS:
        return "dkim_useless"
    return "dkim_good" if bits >= ENOUGH_BITS else "dkim_short"


def _bits_of(text, kind):
    """How long an RSA key is, or how long one that is as good; None if it is none."""
    try:
        der = base64.b64decode(re.sub(r"\s", "", text), validate=True)
        if kind == "ed25519":
            return ENOUGH_BITS if len(der) == 32 else None
        key = load_der_public_key(der)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None


def _dmarc(lookups, domain):
    home, texts = _dmarc_of(lookups, domain)
    record = (
        f"_dmarc.{home or domain}",
        "TXT",
        f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}",
    )
    if not texts:
        return DomainFinding("dmarc_missing", (), record)
    if len(texts) > 1:
        return DomainFinding("dmarc_several", _shown(texts))
    tags = _dmarc_tags(texts[0])
    if tags is None:
        return DomainFinding("dmarc_unreadable", _shown(texts), record)
    policy = tags.get("sp", tags["p"]) if home != domain else tags["p"]
    watches = policy.lower() == "none"
    return DomainFinding("dmarc_watches" if watches else "dmarc_good", _shown(texts))


def _aligned(lookups, domain):
    """Whether the envelope, which is always of our domain, fits each sender's domain.

    Letters can have a domain of their own.
    """
    sender = settings.LETTERS_FROM_EMAIL.rpartition("@")[2].lower()
    envelope = domain.lower()
    if sender == envelope:
        return DomainFinding("aligned_good")
    home, texts = _dmarc_of(lookups, sender)
    tags = _dmarc_tags(texts[0]) if len(texts) == 1 else None
    is_strict = bool(tags) and tags.get("aspf", "r").lower() == "s"
    both_under = any(
        _is_under(sender, top) and _is_under(envelope, top)
        for top in (sender, envelope, *([home] if home else []))
    )
    fits = both_under and not is_strict
    return DomainFinding("aligned_good" if fits else "aligned_not", (sender, envelope))


def _mx(lookups, domain):
    servers = lookups.mail_servers(domain)
    if not servers:
        return DomainFinding("mx_missing")
    return DomainFinding("mx_null" if servers == ["."] else "mx_good", _shown(servers))


def _ptr(lookups):
    host = settings.MAILERS["default"]["OPTIONS"]["host"]
    if _is_near(host):
        return DomainFinding("ptr_elsewhere")
    addresses = [host] if _is_address(host) else lookups.addresses(host)
    public = [one for one in addresses if ip_address(one).is_global]
    if not public:
        return DomainFinding("ptr_elsewhere")
    for address in public[:MOST_ADDRESSES]:
        names = lookups.names_of(address)
        if not names:
            return DomainFinding("ptr_missing", (address,))
        back = [each for name in names[:MOST_SHOWN] for each in lookups.addresses(name)]
        if address not in back:
            return DomainFinding("ptr_not_back", (address, *_shown(names)))
    return DomainFinding("ptr_good", tuple(public[:MOST_ADDRESSES]))


def _tls():
    relay = settings.MAILERS["default"]["OPTIONS"]
    if relay.get("use_tls") or relay.get("use_ssl"):
        return DomainFinding("tls_good")
    return DomainFinding("tls_near" if _is_near(relay["host"]) else "tls_missing")


def _is_near(host):
    """Whether a mail server is on this machine or in its own network."""
    if _is_address(host):
        return not ip_address(host).is_global
    return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def _is_address(host):
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _is_under(domain, top):
    return domain == top or domain.endswith(f".{top}")


def _dmarc_of(lookups, domain):
    """The domain whose record counts for this one, itself or a parent, and its texts.

    What looks like such a record counts, too, so that a misspelt one is found.
    """
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        home = ".".join(labels[start:])
        texts = lookups.texts(f"_dmarc.{home}")
        found = [text for text in texts if "dmarc" in text.lower()]
        if found:
            return home, found
    return None, []


def _dmarc_tags(text):
    tags = _tags(text)
    if tags is None or not re.match(r"v\s*=\s*DMARC1\s*(;|$)", text):
        return None
    if tags.get("p", "").lower() not in _POLICIES:
        return None
    return None if tags.get("sp", "none").lower() not in _POLICIES else tags


def _tags(text):
    """The tags of a record like "k=rsa; p=MIG…", or None if it has another form."""
    parts = [part.strip() for part in text.strip().rstrip(";").split(";")]
    if not all("=" in part for part in parts):
        return None
    pairs = [part.split("=", 1) for part in parts]
    return {name.strip().lower(): value.strip() for name, value in pairs}
