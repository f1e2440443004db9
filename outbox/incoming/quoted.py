"""Takes from an answer the message that it answers, where it surely stands at the end.

A person who writes between the quoted lines keeps all of them: without these, their
words would say something else.
"""

import re

# "-----Original Message-----", in whatever language, or the line of Outlook.
_DIVIDES = re.compile(r"(?:-{3,} ?[^-\n]{3,40} ?-{3,}|_{20,})\s*")
_HEADER = re.compile(r"\*?[^\W\d_][^:：\n]{0,30}\s?[:：]\*? ?\S")
_FEWEST_HEADERS = 2
# How the first line begins of two that say whose the quote is.
_WROTE = re.compile(r"(?:On|Am|Le|El|Em|Il|Op|في)\b")


def without_original(text: str) -> str:
    """The text without the quoted message at its end; all of it if nothing is left."""
    own = _before_divider(text.split("\n"))
    own = _before_quote(own)
    return "\n".join(own).strip() or text


def _before_divider(lines):
    """The lines before one that divides, if headers of a message follow it."""
    for number, line in enumerate(lines):
        if _DIVIDES.fullmatch(line.strip()):
            below = [each for each in lines[number + 1 : number + 7] if each.strip()]
            if len(list(filter(_HEADER.match, below[:4]))) >= _FEWEST_HEADERS:
                return lines[:number]
    return lines


def _before_quote(lines):
    """The lines before a last block of ">", with the line that says whose it is."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    quoted = [line for line in lines[end:] if line.startswith(">")]
    before = lines[:end]
    if not quoted or any(line.startswith(">") for line in before):
        return lines
    # "On 3 December, Ada Lovelace wrote:" may stand on two lines.
    if before and before[-1].rstrip().endswith((":", "：")):
        before.pop()
        if len(before) > 1 and _WROTE.match(before[-1]):
            before.pop()
    return before
