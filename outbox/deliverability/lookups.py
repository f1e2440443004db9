"""Asks the DNS about our own mail domain, and ends within some seconds."""

import re
import time

import dns.exception
import dns.resolver

SECONDS_EACH, SECONDS_IN_ALL = 2.0, 8.0
# Of one answer, so many records are read, and so much of each: anybody may write there.
MOST_RECORDS, MOST_CHARACTERS = 20, 8000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Unanswered(Exception):
    """The DNS did not answer, which does not mean that there is nothing."""


class Lookups:
    """The look-ups of one check. None begins after its time, however many it makes.

    They are asked of the name servers of the machine. Names that do not exist have no
    records; whatever else goes wrong is Unanswered.
    """

    def __init__(self) -> None:
        self._end = time.monotonic() + SECONDS_IN_ALL

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each in one piece, in an order of our own."""
        found = [
            _CONTROL.sub("�", b"".join(record.strings).decode(errors="replace"))
            for record in self._ask(name, "TXT")
        ]
        return sorted(text[:MOST_CHARACTERS] for text in found)

    def records(self, name: str, kind: str) -> list[str]:
        """The records of this kind as text, such as "10 mx.example.org."."""
        return [record.to_text() for record in self._ask(name, kind)]

    def _ask(self, name, kind):
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unanswered(name)
        try:
            answer = dns.resolver.get_default_resolver().resolve(
                name,
                kind,
                lifetime=min(SECONDS_EACH, left),
                raise_on_no_answer=False,
                search=False,
            )
        # Nothing stands under a name that cannot be one, either.
        except (
            dns.resolver.NXDOMAIN,
            dns.exception.SyntaxError,
            dns.exception.FormError,
            UnicodeError,
        ):
            return []
        # A circle of CNAME records, too: nobody is led to a record by it.
        except (dns.exception.DNSException, OSError):
            raise Unanswered(name) from None
        return list(answer.rrset or ())[:MOST_RECORDS]
