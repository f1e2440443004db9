"""What is wrong with an SPF record (RFC 7208): which servers may send for a domain."""

import re
from ipaddress import ip_network

from outbox.deliverability.lookups import Lookups

# A server that needs more look-ups stops, and treats the record as broken (4.6.4).
MOST_LOOKUPS = 10
_TERM = re.compile(
    r"[+?~-]?(all|(a|mx|ptr)(:[^/\s]+)?(/[\d/]+)?|(include|exists):\S+|ip[46]:(?P<ip>\S+))"
    r"|[a-z][a-z0-9_.-]*=\S*",
    re.I,
)
_ASKS = re.compile(r"[+?~-]?(include|a|mx|ptr|exists)\b|redirect=", re.I)
_LEADS_ON = re.compile(r"[+?~-]?(?:include:|redirect=)([^%\s]+)", re.I)


def spf_records(lookups: Lookups, domain: str) -> list[str]:
    texts = lookups.texts(domain)
    return [text for text in texts if re.match(r"v=spf1( |$)", text, re.I)]


def is_readable(record: str) -> bool:
    return all(_is_term(term) for term in record.split()[1:])


def fault_of_lookups(lookups: Lookups, record: str) -> str:
    """Follow what a record includes, but no further than a server does.

    "many" if it needs too many look-ups, "include" if it leads to no record, or "".
    """
    number, waiting = 0, record.split()[1:]
    while waiting:
        term = waiting.pop(0)
        number += bool(_ASKS.match(term))
        if number > MOST_LOOKUPS:
            return "many"
        if leads_on := _LEADS_ON.fullmatch(term):
            found = spf_records(lookups, leads_on[1])
            if len(found) != 1 or not is_readable(found[0]):
                return "include"
            waiting += found[0].split()[1:]
    return ""


def mended(records: list[str]) -> str:
    """One record that says what these say together, and ends in "~all"."""
    terms = [term for record in records for term in record.split()[1:]]
    kept = [term for term in terms if not re.fullmatch(r"[+?~-]?all", term, re.I)]
    return " ".join(["v=spf1", *dict.fromkeys(kept), "~all"])


def _is_term(term):
    match = _TERM.fullmatch(term)
    try:
        return bool(
            match and (not match["ip"] or ip_network(match["ip"], strict=False))
        )
    except ValueError:
        return False
