"""Reads in the headers of a mail, as somebody's mail program shows them, how it came.

The text was pasted by a person and can be anything. Nothing of it is believed but as
what it is: their own copy of what their server has written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

# Headers are far shorter, even with those of a large company's filters.
MOST_PASTED = 64_000
MOST_OF_ONE, MOST_SHOWN = 4000, 200
_SIGN = re.compile(r"\\.|[^\\]")
# A method, perhaps with its version, and what was found.
_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:/\d+)?=([a-z]+)((?:\s.*)?)", re.S)
_ENCRYPTED = re.compile(
    r"\bwith\s+(?:UTF8)?E?SMTPSA?\b|\bTLS\s?v?1|\bversion=TLS", re.I
)
_HOP = re.compile(r"from\s+(\S+)(.{0,400}?)\bby\s+(\S+)", re.I | re.S)
_NUMBER = r"(-?\d{1,4}(?:\.\d{1,3})?)"
# Where filters write their points, and from how many on they take a mail for spam.
_POINTS = (
    ("X-Spam-Status", re.compile(f"score={_NUMBER}"), 5),
    ("X-Spam-Score", re.compile(_NUMBER), 5),
    ("X-Rspamd-Score", re.compile(_NUMBER), 5),
    ("X-Forefront-Antispam-Report", re.compile(rf"\bSCL:{_NUMBER}"), 5),
)


@dataclass(frozen=True)
class HeaderResult:
    """One thing that the headers say: the name of its words, and what stands there."""

    name: str
    shown: tuple[str, ...] = ()


class NoHeaders(Exception):
    """The text has no header that says how a mail came."""


def read(pasted: str) -> list[HeaderResult]:
    """What the headers say of how the mail was taken. Raises NoHeaders."""
    headers = _headers(pasted)
    checked, hop = _checked(headers), _hop(headers)
    if not checked and not hop:
        raise NoHeaders
    return [
        *_whose(headers),
        *_authentication(checked),
        *_way(hop),
        *_spam(headers),
    ]


def selector_in(pasted: str) -> str:
    """The selector of the signature of our own domain; "" if none is there."""
    for signature in _headers(pasted).get("dkim-signature", ()):
        tags = dict(re.findall(r"(?:^|;)\s*([ds])\s*=\s*([^;\s]{1,253})", signature))
        if tags.get("d", "").lower() == settings.MAIL_DOMAIN.lower():
            return tags.get("s", "").lower()
    return ""


def dmarc_found(values: Iterable[str], server: str) -> tuple[str, str] | None:
    """What our own mail server found: result and domain of From:; None if nothing.

    Of the headers Authentication-Results, the topmost that begins with the server's
    name is its own (RFC 8601): others stood in the message before, and may be forged.
    Of two results that differ, the worse one counts.
    """
    for value in values:
        name, results = _results_in(value)
        if server and name == server.lower():
            found = [words for method, words in results if method == "dmarc"]
            found.sort(key=lambda words: words.startswith("pass"))
            domains = found and re.findall(r"\sheader\.from=(\S+)", found[0])
            domain = domains[0] if len(domains) == 1 else ""
            return (found[0].split()[0], domain) if found else None
    return None


def _headers(pasted):
    """The values by the name of their header, in small letters, the topmost first.

    Mail programs show other lines above the headers, so these are passed over.
    """
    text = re.sub(r"\r?\n[ \t]+", " ", pasted[:MOST_PASTED])
    found = {}
    for name, value in re.findall(r"(?m)^([A-Za-z][A-Za-z0-9-]{1,60}):(.*)$", text):
        words = " ".join(value[:MOST_OF_ONE].split())
        found.setdefault(name.lower(), []).append(words)
    return found


def _whose(headers):
    senders = headers.get("from", [])
    ours = settings.MAIL_DOMAIN, settings.LETTERS_FROM_EMAIL.rpartition("@")[2]
    for sender in senders[:1]:
        domain = sender.rpartition("@")[2].rstrip("> ").lower()
        if domain not in [each.lower() for each in ours]:
            yield HeaderResult("sender_other", (sender[:MOST_SHOWN],))


def _checked(headers):
    """What the server that took it found, by method. Its own header is the topmost."""
    for value in headers.get("authentication-results", ()):
        found = {}
        for method, words in _results_in(value)[1]:
            found.setdefault(method, words.split()[0])
        if found:
            return found
    return {}


def _authentication(checked):
    for method in ("spf", "dkim", "dmarc"):
        result = checked.get(method, "")
        if not result:
            yield HeaderResult(f"{method}_silent")
        else:
            name = "pass" if result in ("pass", "bestguesspass") else "fail"
            yield HeaderResult(f"{method}_{name}", (f"{method}={result}",))


def _hop(headers):
    """The newest hop between two servers: its header, and who gave the mail."""
    for value in headers.get("received", ()):
        if match := _HOP.match(value):
            return value, f"{match[1]} {match[2]}"
    return None


def _way(hop):
    if hop is None:
        return
    value, giver = hop
    encrypted = "way_encrypted" if _ENCRYPTED.search(value) else "way_open"
    yield HeaderResult(encrypted, (value[:MOST_SHOWN],))
    if re.search(r"\(unknown\b", giver, re.I):
        yield HeaderResult("way_nameless", (giver[:MOST_SHOWN],))


def _spam(headers):
    for name, pattern, limit in _POINTS:
        for value in headers.get(name.lower(), ()):
            if match := pattern.search(value):
                many = float(match[1]) >= limit
                shown = (f"{name}: {match[1]}",)
                yield HeaderResult("spam_many" if many else "spam_few", shown)
                return
    yield HeaderResult("spam_silent")


def _results_in(value):
    """The server in a header Authentication-Results, and method and words of each.

    The words are the result and what it is about, in small letters. What was quoted is
    one word there, since senders choose it; of a header that breaks off, nothing is
    read.
    """
    kept, depth, is_quoted = [], 0, False
    for sign in _SIGN.findall(" ".join(value[:MOST_OF_ONE].split())):
        if sign == '"' and not depth:
            is_quoted = not is_quoted
        elif is_quoted:
            kept.append(re.sub(r"[^\w.@+-]", "?", sign[-1]))
        elif sign == "(":
            depth += 1
        elif depth:
            depth -= sign == ")"
            kept.append(" ")
        else:
            kept.append(sign)
    if depth or is_quoted:
        return "", []
    words = re.sub(r"(?:(?<!\s)\s+)?([=/])\s*", r"\1", "".join(kept).lower())
    server, *results = words.split(";")
    found = filter(None, (_RESULT.fullmatch(each.strip()) for each in results))
    return (server.split() or [""])[0], [(m[1], f"{m[2]}{m[3]}") for m in found]
