import re

from django import template

register = template.Library()
# What mail programs make links of: a scheme, an address, and words with a dot between
# them of which the last may be a top-level domain.
_CLICKABLE = re.compile(r"://|@|(?<=[^\W_])\.(?=([^\W\d_]{2,}))")


@register.filter
def quoted(text: str) -> str:
    """What a stranger has typed, as a mail quotes it: no address in it can be clicked.

    "https://casino.example" becomes "https[://]casino[.]example".
    """
    return _CLICKABLE.sub(_in_brackets, text)


def _in_brackets(found: re.Match[str]) -> str:
    # "Please stop.Thank you." only lacks a space, and has a capital and small letters.
    word = found[1]
    is_a_sentence = word and not (word.islower() or word.isupper())
    return found[0] if is_a_sentence else f"[{found[0]}]"
