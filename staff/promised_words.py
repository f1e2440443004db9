"""What a promise says, in the language of who reads the desk.

A promise quotes sentences of texts that are translated whole, so its words in another
language are the sentences that stand in their place there.
"""

import re
from functools import lru_cache

from django.utils.translation import get_language, trans_real

FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]")
TAG = re.compile(r"<[^>]+>")


def translated(sentence: str) -> str:
    """The sentence as readers of this language see it; as it is if we do not know."""
    language = get_language()
    if language == "en":
        return sentence
    said = _by_sentence(language)
    if found := said.get(sentence.lower()):
        return found
    form = re.compile(".*".join(map(re.escape, sentence.lower().split("…"))))
    return next((said[each] for each in said if form.fullmatch(each)), sentence)


@lru_cache
def _by_sentence(language):
    """By each sentence of a text: the one in its place, or else the whole text."""
    found = {}
    for key, said in trans_real.translation(language)._catalog.items():
        text = key[0] if isinstance(key, tuple) else key
        english = _sentences(text.rpartition("\x04")[2])
        own = _sentences(said)
        if len(own) != len(english):
            own = [" ".join(own)] * len(english)
        for one, other in zip(english, own, strict=True):
            found.setdefault(one.lower(), other)
    return found


def _sentences(text):
    plain = " ".join(FILLED_IN.sub("…", TAG.sub("", text)).split())
    return re.split(r"(?<=[.?!:])\s+", plain)
