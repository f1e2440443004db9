"""A gentle look at what a writer may not want in a public record.

Letters to officials can become public. This points out what looks like a phone number,
a street address, an identity or a card number; it is often wrong, so it never blocks.
The same patterns stand in static/js/care.js, for the preview as one types; a test
holds the two side by side.
"""

import re

from django.utils.translation import gettext_lazy as _

KINDS = {
    "card": (
        re.compile(r"(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)"),
        _("a card number"),
    ),
    "identity": (
        # US social security, Korean resident registration, UK national insurance.
        re.compile(
            r"(?<![\d-])(?:\d{3}-\d{2}-\d{4}|\d{6}-[1-8]\d{6})(?![\d-])"
            r"|\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"
        ),
        _("an identity number"),
    ),
    "phone": (
        re.compile(
            r"(?<![\d-])(?:\+\d{1,3}[ .-]?)?(?:\(?\d{2,4}\)?[ .-]?){2,4}\d{3,4}(?!\d)"
        ),
        _("a phone number"),
    ),
    "street": (
        re.compile(
            r"\b\d{1,5}[a-z]? (?:[A-Z][\w'’.-]+ ){1,3}"
            r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct"
            r"|Way|Place|Pl|Terrace|Square|Close)\b"
        ),
        _("a street address"),
    ),
}
FEWEST_DIGITS_OF_A_PHONE = 9


def noticed(text):
    """What the text seems to hold, as (what, the words), each kind once."""
    found = []
    for name, (pattern, what) in KINDS.items():
        for match in pattern.finditer(text):
            words = match.group().strip()
            if name == "phone" and sum(c.isdigit() for c in words) < (
                FEWEST_DIGITS_OF_A_PHONE
            ):
                continue
            if any(words in other for _what, other in found):
                continue
            found.append((what, words))
            break
    return found
