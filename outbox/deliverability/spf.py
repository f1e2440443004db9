"""What is wrong with an SPF record (RFC 7208): which servers may send for a domain."""

import re
from ipaddress import ip_network

from outbox.deliverability.lookups import Lookups, can_be_asked

# A server that needs more look-ups stops, and treats the record as broken (4.6.4).
MOST_LOOKUPS = 10
_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)((?::[^/\s]+)?(?:/[\d/]+)?)", re.I
)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(\S*)", re.I)


def spf_records(lookups: Lookups, domain: str) -> list[str]:
    texts = lookups.texts(domain)
    return [text for text in texts if re.match(r"v=spf1( |$)", text, re.I)]


def spf_problem(lookups: Lookups, records: list[str]) -> str:
    """The problem of these records of a domain, by its name; "spf_good" if none is."""
    if not records:
        return "spf_missing"
    if len(records) > 1:
        return "spf_several"
    terms = _terms(records[0])
    if terms is None:
        return "spf_unreadable"
    if (problem := _problem_of_lookups(lookups, terms)) != "spf_good":
        return problem
    ends = [sign for sign, name, _value in terms if name == "all"]
    if ends and ends[0] in ("", "+"):
        return "spf_everybody"
    leads_on = any(name == "redirect" for _sign, name, _value in terms)
    has_end = ends[0] in ("~", "-") if ends else leads_on
    return "spf_good" if has_end else "spf_open"


def mended(records: list[str]) -> str:
    """One record that says what these say together, and ends in "~all"."""
    terms = [term for record in records for term in record.split()[1:]]
    kept = [term for term in terms if not re.fullmatch(r"[+?~-]?all", term, re.I)]
    return " ".join(["v=spf1", *dict.fromkeys(kept), "~all"])


def _problem_of_lookups(lookups, terms):
    """Follow what the record includes, but no further than a server does."""
    number, waiting = 0, [*terms]
    while waiting:
        _sign, name, value = waiting.pop(0)
        if name not in ("include", "a", "mx", "ptr", "exists", "redirect"):
            continue
        number += 1
        if number > MOST_LOOKUPS:
            return "spf_too_many"
        if name in ("include", "redirect") and "%" not in value:
            target = value.lstrip(":")
            found = spf_records(lookups, target) if can_be_asked(target) else []
            included = _terms(found[0]) if len(found) == 1 else None
            if included is None:
                return "spf_include"
            waiting += included
    return "spf_good"


def _terms(record):
    """The terms of a record as (sign, name, value); None if one cannot be read."""
    terms = []
    for term in record.split()[1:]:
        if match := _TERM.fullmatch(term):
            sign, name, value = match[1], match[2].lower(), match[3]
            if not _can_be(name, value):
                return None
            terms.append((sign, name, value))
        elif match := _MODIFIER.fullmatch(term):
            terms.append(("", match[1].lower(), match[2]))
        else:
            return None
    return terms


def _can_be(name, value):
    if name == "all":
        return not value
    if name in ("include", "exists"):
        return value.startswith(":")
    if name in ("ip4", "ip6"):
        try:
            return ip_network(value[1:], strict=False).version == int(name[-1])
        except ValueError:
            return False
    return True
