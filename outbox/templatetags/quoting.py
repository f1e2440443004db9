import re

from django import template

register = template.Library()
# What mail programs make links of: a scheme, an address, and words with a dot between
# them of which the last may be a top-level domain. Browsers take all these dots for
# one. A sentence that lacks a space looks the same, and is still read.
_CLICKABLE = re.compile(r"://|@|(?<=[^\W_])[.．。｡](?=[^\W\d_]{2})")


@register.filter
def quoted(text: str) -> str:
    """What a stranger has typed, as a mail quotes it: no address in it can be clicked.

    "https://casino.example" becomes "https[://]casino[.]example".
    """
    return _CLICKABLE.sub(r"[\g<0>]", text)
