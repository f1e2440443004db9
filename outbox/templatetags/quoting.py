import re

from django import template

register = template.Library()
# Mail programs make links of these: a scheme, an address, and words with a dot between
# them, if the last word may be a top-level domain.
_CLICKABLE = re.compile(r"://|@|(?<=[^\W_])\.(?=([^\W\d_]{2,}))")


@register.filter
def quoted(text: str) -> str:
    """A stranger's words as a mail quotes them: no address in them can be clicked.

    "https://casino.example" becomes "https[://]casino[.]example".
    """
    return _CLICKABLE.sub(_in_brackets, text)


def _in_brackets(found: re.Match[str]) -> str:
    # "Please stop.Thank you." only lacks a space: its second word mixes capital and
    # small letters.
    word = found[1]
    is_a_sentence = word and not (word.islower() or word.isupper())
    return found[0] if is_a_sentence else f"[{found[0]}]"
