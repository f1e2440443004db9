"""Whether two texts say the same, however they are written.

A writer who posts the same words again adds a space, a full stop or capital letters.
"""

import unicodedata
from hashlib import sha256


def digest(text: str) -> str:
    """Equal for texts that differ in case, space, accents and punctuation only.

    Empty for a text without letters and digits.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in plain if c.isalnum())
    return sha256(letters.encode()).hexdigest()[:32] if letters else ""
