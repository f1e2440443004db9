"""Whether two texts say the same, however they are written.

A writer who posts the same words again adds a space, a full stop or capital letters.
"""

import unicodedata
from hashlib import sha256

from safeguards.confusables import ABBREVIATION

_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}


def digest(text: str) -> str:
    """Equal for texts that differ in case, space, accents and punctuation only.

    Empty for a text without letters and digits.
    """
    if text.isascii():
        letters = text.lower().translate(_NO_LETTERS)
    else:
        # A sign that stands for eighteen letters counts as one.
        plain = unicodedata.normalize("NFKD", ABBREVIATION.sub("x", text)).casefold()
        letters = "".join(filter(str.isalnum, plain))
    return sha256(letters.encode()).hexdigest()[:32] if letters else ""
