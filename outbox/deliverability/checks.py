"""What receiving servers find when they look up our mail domain, checked beforehand.

Nothing here knows a page: `check()` takes the domain and the selector of the DKIM key
from the settings, asks the DNS and says what it has found.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outbox.deliverability.lookups import Lookups, Unanswered
from outbox.deliverability.spf import (
    fault_of_lookups,
    is_readable,
    mended,
    spf_records,
)
from safeguards.mailbox import MailDomain

# Servers ignore a shorter key (RFC 8301); this is what they advise.
LEAST_BITS, ENOUGH_BITS = 1024, 2048
# What is shown of the records that were found: so many, and so much of each.
MOST_SHOWN, SHOWN_CHARACTERS = 5, 300


class Found(TextChoices):
    """What a finding means for who reads it."""

    GOOD = "good", _("Good")
    MISSING = "missing", _("Missing")
    WRONG = "wrong", _("Wrong")
    UNKNOWN = "unknown", _("Not known")


@dataclass(frozen=True)
class DomainFinding:
    """One thing that was looked up, what its state means, and what to do.

    `records` are those that stand there, written by anybody; `to_copy` is one to write,
    as name, type and value.
    """

    state: Found
    words: str | Promise
    records: Sequence[str] = ()
    to_copy: tuple[str, str, str] | None = None
    title: str | Promise = ""
    why: str | Promise = ""

    @property
    def is_to_mend(self) -> bool:
        return self.state in (Found.MISSING, Found.WRONG)


def check() -> list[DomainFinding]:
    """Look up all of it now, which takes no longer than SECONDS_IN_ALL."""
    lookups = Lookups()
    return [
        replace(_looked_up(look, lookups), title=title, why=why)
        for title, why, look in _LOOKS
    ]


def _looked_up(look, lookups):
    try:
        found = look(lookups, settings.MAIL_DOMAIN)
    except Unanswered:
        words = _("This could not be looked up. Check again in some minutes.")
        return DomainFinding(Found.UNKNOWN, words)
    records = [each[:SHOWN_CHARACTERS] for each in found.records[:MOST_SHOWN]]
    return replace(found, records=records)


def _good(words, records=()):
    return DomainFinding(Found.GOOD, words, records)


def _wrong(words, records=(), to_copy=None):
    return DomainFinding(Found.WRONG, words, records, to_copy)


def _missing(words, records=(), to_copy=None):
    return DomainFinding(Found.MISSING, words, records, to_copy)


def _spf(lookups, domain):
    records = spf_records(lookups, domain)
    if not records:
        value = "v=spf1 mx include:NAME-FROM-YOUR-MAIL-SERVICE ~all"
        words = _(
            "There is no SPF record. Add this one to the DNS, with the name that your "
            "mail service tells you."
        )
        return _missing(words, to_copy=(domain, "TXT", value))
    if len(records) == 1 and (words := _fault_of_spf(lookups, records[0])):
        return _wrong(words, records)
    if words := _what_a_better_one_mends(records):
        value = mended(records)[:SHOWN_CHARACTERS]
        return _wrong(words, records, (domain, "TXT", value))
    return _good(_("There is one record, and servers can read it."), records)


def _fault_of_spf(lookups, record):
    """What only whoever wrote the record can correct, in words; or None."""
    if not is_readable(record):
        return _(
            "The SPF record has a word that servers do not know. Compare it with what "
            "your mail service says."
        )
    match fault_of_lookups(lookups, record):
        case "many":
            return _(
                "The SPF record needs more than 10 look-ups, so servers stop reading "
                "it. Take out services that you no longer use."
            )
        case "include":
            return _(
                "The SPF record includes a name that has no SPF record. Take it out, "
                "or correct its spelling."
            )
    return None


def _what_a_better_one_mends(records):
    """What is wrong with the records and not with `mended()`, in words; or None."""
    if len(records) > 1:
        return _(
            "There are several SPF records, so servers believe none of them. Put this "
            "one in their place."
        )
    if re.search(r"\s\+?all(\s|$)", records[0], re.I):
        return _(
            "The SPF record ends in “+all”, so everybody may send as us. Put this one "
            "in its place."
        )
    if not re.search(r"\s([~-]all(\s|$)|redirect=)", records[0], re.I):
        return _(
            "The SPF record does not say what other servers may do. Put this one in "
            "its place."
        )
    return None


def _dkim(lookups, domain):
    if not settings.DKIM_SELECTOR:
        words = _(
            "The site does not know the selector. Your mail service names it. Set "
            "DKIM_SELECTOR in the settings of the server."
        )
        return DomainFinding(Found.UNKNOWN, words)
    texts = lookups.texts(f"{settings.DKIM_SELECTOR}._domainkey.{domain}")
    if not texts:
        words = _(
            "There is no key under this selector. Your mail service shows the record. "
            "Copy it from there."
        )
        return _missing(words)
    tags = _tags(texts[0])
    bits = _bits_of(tags) if len(texts) == 1 else None
    if tags.get("p") == "":
        words = _(
            "The key is empty, which means that it is no longer valid. Ask your mail "
            "service for a new one."
        )
    elif bits is None:
        words = _(
            "The key cannot be read. Often a part of it was lost when somebody copied "
            "it."
        )
    elif bits < LEAST_BITS:
        words = _(
            "The key has fewer than 1,024 bits, so servers ignore it. Ask your mail "
            "service for one with 2,048 bits."
        )
    elif bits < ENOUGH_BITS:
        words = _(
            "The key has fewer than 2,048 bits. Servers accept it today. Ask your mail "
            "service for a longer one."
        )
    else:
        return _good(_("The key is there, and it is long enough."), texts)
    return _wrong(words, texts)


def _bits_of(tags):
    """How long an RSA key is, or how long one that is as good; None if it is none."""
    try:
        der = base64.b64decode(re.sub(r"\s", "", tags.get("p", "")), validate=True)
        if tags.get("k", "").lower() == "ed25519":
            return ENOUGH_BITS if len(der) == 32 else None
        key = load_der_public_key(der)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None


def _dmarc(lookups, domain):
    """The record of the domain itself, or else of the one that is registered."""
    homes = dict.fromkeys([domain, MailDomain(f"@{domain}").registered.key])
    for home in homes:
        found = lookups.texts(f"_dmarc.{home}")
        # What looks like such a record counts, so that a misspelt one is found.
        if texts := [text for text in found if "dmarc" in text.lower()]:
            break
    value = f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}"
    if not texts:
        words = _(
            "There is no DMARC record. Large mail services then refuse many emails. "
            "Add this one to the DNS, with a mailbox that you read."
        )
        return _missing(words, to_copy=(f"_dmarc.{domain}", "TXT", value))
    if len(texts) > 1:
        words = _(
            "There are several DMARC records, so servers believe none of them. Keep "
            "one."
        )
        return _wrong(words, texts)
    tags = _tags(texts[0])
    policy = tags.get("p", "")
    if home != domain:
        policy = tags.get("sp", policy)
    is_known = policy.lower() in ("none", "quarantine", "reject")
    if not (is_known and re.match(r"v\s*=\s*DMARC1\s*;", texts[0])):
        words = _(
            "Servers cannot read the DMARC record. Put this one in its place, with a "
            "mailbox that you read."
        )
        return _wrong(words, texts, (f"_dmarc.{home}", "TXT", value))
    if policy.lower() == "none":
        words = _(
            "Servers report, but let everything pass. When the reports look right for "
            "some weeks, change “p=none” to “p=quarantine”."
        )
        return _good(words, texts)
    return _good(_("Servers keep away what only pretends to be from us."), texts)


def _aligned(_lookups, domain):
    """Whether the envelope, which is always of our domain, fits that of letters."""
    sender = MailDomain(settings.LETTERS_FROM_EMAIL)
    if sender.registered == MailDomain(f"@{domain}").registered:
        return _good(_("Both domains fit together."))
    words = _(
        "The domain of LETTERS_FROM_EMAIL does not fit our own. SPF then says "
        "nothing for letters. Choose an address of our domain."
    )
    return _wrong(words, [sender.key, domain])


def _mx(lookups, domain):
    servers = lookups.records(domain, "MX")
    if not servers:
        words = _(
            "No server takes emails for our domain. We do not learn which emails "
            "come back, and some servers refuse us."
        )
        return _missing(words)
    if any(server.endswith(" .") for server in servers):
        words = _(
            "The domain says that it takes no emails at all. Many servers then take "
            "none from it. Name a mail server in its place."
        )
        return _wrong(words, servers)
    return _good(_("The domain has a server that takes emails."), servers)


def _tls(_lookups, _domain):
    relay = settings.MAILERS["default"]["OPTIONS"]
    if relay.get("use_tls") or relay.get("use_ssl"):
        return _good(_("Our emails go to the mail service encrypted."))
    if _is_near(relay["host"]):
        words = _("Our mail server is in our own network, so nobody else can listen.")
        return _good(words)
    words = _(
        "Our emails go to the mail service without encryption. Let EMAIL_URL in "
        "the settings of the server begin with “smtp+tls://”."
    )
    return _wrong(words)


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


def _tags(text):
    """The tags of a record like "k=rsa; p=MIG…"."""
    pairs = [part.partition("=") for part in text.split(";")]
    return {name.strip().lower(): value.strip() for name, _is, value in pairs}


# What is looked up, and why it matters.
_LOOKS = (
    ("SPF", _("It says which servers may send emails for our domain."), _spf),
    (
        "DKIM",
        _("It signs each email, so that nobody can change it or send it as us."),
        _dkim,
    ),
    (
        "DMARC",
        _("It says what to do with emails that only pretend to be from us."),
        _dmarc,
    ),
    (
        _("Sender of letters"),
        _(
            "Letters have 2 sender addresses: one that people see, and one for "
            "emails that come back. Their domains must fit together."
        ),
        _aligned,
    ),
    ("MX", _("Emails that come back, and answers to us, go to this server."), _mx),
    (
        "TLS",
        _("It keeps others from reading emails on their way to our mail service."),
        _tls,
    ),
)
