"""The order of words in a list that Python makes, by the alphabets of our languages."""

from unicodedata import combining, normalize

# The sign that makes a Japanese vowel longer is no letter.
LONGER = "ー"


def alphabetical(text: str) -> tuple[str, str]:
    """A key to sort by: without accents and signs, and by them only between equals.

    Latin, Arabic, hangul and kana stand in their own order (decision 60).
    """
    plain = normalize("NFKD", text.casefold()).replace(LONGER, "")
    letters = (c for c in plain if not combining(c) and (c.isalnum() or c.isspace()))
    return "".join(letters), text
