"""A gentle look at what a writer may not want in a public record.

Letters to officials can become public. This points out what looks like a phone number,
a street address, an identity number or a card number. It is often wrong, so it never
blocks. The same patterns stand in static/js/letter.js, for the preview as one types; a
test compares both. So they use only what both languages read alike: ASCII digits, and a
first group for the character before, since old Safaris know no lookbehind.
"""

import re

from django.utils.translation import gettext_lazy as _

KINDS = {
    "card": (
        r"(^|\D)((?:[3-6]\d{3}|2[2-7]\d{2})(?:[ -]?\d{4}){3})(?!\d)",
        _("a card number"),
    ),
    "identity": (
        # US social security, Korean resident registration, UK national insurance.
        r"(^|[^\w-])(\d{3}-\d{2}-\d{4}(?![\d-])|\d{6}-[1-8]\d{6}(?![\d-])"
        r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w))",
        _("an identity number"),
    ),
    "phone": (
        # No dates, thousands, years in a row, or ZIP codes of nine digits.
        r"(^|[^\d.,/-])(?=[+(\d])(?!\d{4}-\d{2}-\d{2})(?!\d{2}[./-]\d{2}[./-]\d{4}(?!\d))"
        r"(?!\d{1,3}(?:[ .]\d{3}){0,4}[ .]000(?![ .]?\d))"
        r"(?!(?:(?:19|20)\d{2}[ .-]?){2,5}(?!\d))(?!\d{5}-\d{4}(?!\d))"
        r"((?:\+\d{1,3}[ .-]?(?:\(0\) ?)?)?(?:\(?\d{2,4}\)?[ .-]?){2,4}\d{3,4}(?!\d))",
        _("a phone number"),
    ),
    "street": (
        # 12 Main Street · Hauptstraße 12 · 12, rue de la Paix · Rua Augusta, 12
        r"(^|\W)(\d{1,5}[a-z]? (?:[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.-]+ ){1,3}"
        r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct"
        r"|Way|Place|Pl|Terrace|Square|Close)(?!\w)"
        r"|[A-ZÀ-Þ][a-zà-ɏ]+(?:straße|strasse|str\.|gasse|weg|platz) \d{1,4}(?!\d)"
        r"|\d{1,4},? (?:rue|avenue|boulevard|chemin) [A-Za-zÀ-ɏ'’ -]*[A-Za-zÀ-ɏ]"
        r"|(?:Rua|Avenida|Calle) (?:[A-Za-zÀ-ɏ.]+ ){0,3}[A-Za-zÀ-ɏ]+,? \d{1,4}(?!\d))",
        _("a street address"),
    ),
}
FEWEST_DIGITS_OF_A_PHONE = 9
_DIGIT = re.compile("[0-9]")
_PATTERNS = {
    name: re.compile(source, re.ASCII) for name, (source, _what) in KINDS.items()
}


def noticed(text, known=""):
    """What the text seems to contain, as (what, the words), each kind once.

    What also stands in `known`, the letter as suggested, is left out.
    """
    found = []
    if not _DIGIT.search(text):
        return found
    for name, (_source, what) in KINDS.items():
        for match in _PATTERNS[name].finditer(text):
            words = match[2].strip()
            if words in known or any(words in other for _what, other in found):
                continue
            if name != "phone" or _digits(words) >= FEWEST_DIGITS_OF_A_PHONE:
                found.append((what, words))
                break
    return found


def _digits(words):
    return sum(c.isdigit() for c in words)
