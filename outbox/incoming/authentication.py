"""What our own mail server has found about a message, in its header (RFC 8601)."""

import re
from collections.abc import Iterable

MOST_READ = 4000
_SIGN = re.compile(r"\\.|[^\\]")
# A method, perhaps with its version, and what was found.
_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:/\d+)?=([a-z]+)((?:\s.*)?)", re.S)


def dmarc_found(values: Iterable[str], server: str) -> tuple[str, str] | None:
    """What our own mail server found: result and domain of From:; None if nothing.

    Of the headers Authentication-Results, the topmost that begins with the server's
    name is its own: others stood in the message before, and may be forged. Of two
    results that differ, the worse one counts.
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


def _results_in(value):
    """The server in a header Authentication-Results, and method and words of each.

    The words are the result and what it is about, in small letters. What was quoted is
    one word there, since senders choose it; of a header that breaks off, nothing is
    read.
    """
    kept, depth, is_quoted = [], 0, False
    for sign in _SIGN.findall(" ".join(value[:MOST_READ].split())):
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
