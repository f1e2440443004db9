"""Whether a name may be taken for the name of an official, a campaign or the site.

A person's name is found whatever stands around it, and in any order: "Mayor Harvey
Hall", "Hall, Harvey L.", "Harvey Hall Mayor of Bakersfield". Some people really have
the name of an official, so nothing is refused because of it: a person decides.
"""

import re
from collections.abc import Iterable
from itertools import permutations

from safeguards.confusables import skeleton

PERSON, OFFICE, ORGANISATION, TITLE = "person", "office", "organisation", "title"
KINDS = (PERSON, OFFICE, ORGANISATION, TITLE)
# Names by which somebody speaks for a site, whatever the site is called.
_OURS = (
    "Admin",
    "Administrator",
    "Moderator",
    "Webmaster",
    "Campaign",
    "Campaign team",
)
OURS = [(OFFICE, name) for name in _OURS]
# Words of a person's name that are looked for in any order; longer names are not.
MOST_IN_ANY_ORDER = 4
# In scripts without spaces, a name of two characters is part of many other names.
LEAST_UNSPACED = 3
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\ud7ff]+")
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u00b4]")
_POSSESSIVE = re.compile("(?<=\\w)['\u2018\u2019\u02bc]s\\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_GLUED_DIGITS = re.compile(r"(?<=[^\W\d_])\d+(?![^\W_])|(?<![^\W_])\d+(?=[^\W\d_])")


def folded(words: str) -> frozenset[str]:
    """Words as they are compared."""
    return frozenset(skeleton(word) for word in words.split())


# Words that name nobody: "the Mayor of Bakersfield" is "Mayor Bakersfield".
SMALL = folded("the of for and a an in at der die das von und de la le du et y e")
# Words for what somebody is in office.
OFFICES = folded(
    "mayor deputy vice councillor councilor councilman councilwoman"
    " councilmember council member alderman senator sen representative rep governor"
    " gov president minister secretary commissioner chair chairman chairwoman"
    " chairperson judge manager chief clerk attorney"
    " sheriff premier chancellor supervisor assemblymember assemblyman assemblywoman"
    " congressman congresswoman"
    " bürgermeister bürgermeisterin oberbürgermeister oberbürgermeisterin landrat"
    " landrätin stadträtin ministerin ministerpräsident ministerpräsidentin präsident"
    " präsidentin kanzler kanzlerin bundeskanzler bundeskanzlerin senatorin abgeordnete"
    " abgeordneter"
    " alcalde alcaldesa presidente presidenta ministro ministra gobernador gobernadora"
    " senador senadora concejal concejala diputado diputada"
    " maire mairesse présidente ministre préfet préfète sénateur sénatrice député"
    " députée conseiller conseillère"
    " sindaco sindaca senatore senatrice assessore assessora governatore governatrice"
    " prefeito prefeita governador governadora vereador vereadora deputado deputada"
    " burgemeester wethouder gedeputeerde"
    " 시장 시장님 의원 의원님 市長 市长 議員 议员"
)
# Words that stand before or after a person's name and do not change who is meant. They
# are not the titles of supporters/people/names.py: "Phil" and "Nat" are names, too.
TITLES = (
    SMALL
    | OFFICES
    | folded(
        "mr mrs ms miss mx dr prof professor sir dame hon honorable honourable real"
        " official jr ii iii phd md esq"
        " herr frau señor señora sr sra monsieur madame m mme"
    )
)
# Beside the only word of a site's name, these words claim to speak for the site.
SPEAKS = folded(
    "team staff admin administrator moderator support official campaign office"
)


class Names:
    """The names that nobody else may sign with, made ready for looking them up.

    `rows` are (kind, name). Looking one up takes as long among thousands as among one.
    """

    def __init__(self, rows: Iterable[tuple[str, str]] = ()) -> None:
        # By one word of the name: (kind, all words of the name, the name).
        self._sets: dict[str, list[tuple[str, frozenset[str], str]]] = {}
        self._joined: dict[str, str] = {}  # by the name written as one word
        self._unspaced: dict[str, str] = {}
        self._longest = 0
        for kind, name in [*OURS, *rows]:
            self._add(kind, name)

    def posed_as(self, name: str, city: str = "") -> str:
        """The protected name, as it is written, that this one may pass for; or ""."""
        # Also without the digits at a word, like "HarveyHall1", and in small letters:
        # Cyrillic and Greek capitals look like other letters than those.
        readings = [(name, city)]
        if _DIGIT.search(name) or _DIGIT.search(city):
            readings += [(_GLUED_DIGITS.sub("", name), _GLUED_DIGITS.sub("", city))]
        if not f"{name}{city}".isascii():
            readings += [(n.casefold(), c.casefold()) for n, c in readings]
        found = (self._posed_as(*reading) for reading in dict.fromkeys(readings))
        return next(filter(None, found), "")

    def _posed_as(self, name, city):
        words, of_city = _words(name), set(_words(city))
        return (
            self._written_together(words)
            or self._among(set(words), KINDS)
            or self._among(of_city, KINDS[:3])
            # "Harvey" of "Hall, Mayor": name and city are read together where both
            # show.
            or self._among({*words, *of_city}, (PERSON, ORGANISATION))
            or self._without_spaces(f"{name}\n{city}")
        )

    def _add(self, kind, name):
        words = _words(name.casefold())
        if kind == PERSON:
            whole = [w for w in words if len(w) > 1 or not w.isascii()]
            core = [w for w in whole if w not in TITLES]
            # In "Aaron Judge" and "Le Duc", the title is a part of the name.
            core = core if len(core) > 1 else whole
        else:
            core = [w for w in words if w not in SMALL]
        if not core:
            return
        joined = {"".join(words), "".join(core)}
        if kind == PERSON:
            parts = [_words(part) for part in name.casefold().split()]
            spoken = ["".join(p) for p in parts if {*p} & {*core}]  # "Dong-geun"
            for some in (core, spoken):
                if len(some) <= MOST_IN_ANY_ORDER:
                    joined.update(map("".join, permutations(some)))
                self._add_set(kind, some, name)
        else:
            self._add_set(kind, core, name)
        for text in joined:
            self._joined.setdefault(text, name)
            if _UNSPACED.fullmatch(text) and len(text) >= LEAST_UNSPACED:
                self._unspaced.setdefault(text, name)
                self._longest = max(self._longest, len(text))

    def _add_set(self, kind, words, name):
        if len(words) > 1:
            found = self._sets.setdefault(max(words, key=len), [])
            found.append((kind, frozenset(words), name))
        elif kind == ORGANISATION:
            for beside in SPEAKS - {*words}:
                self._add_set(kind, [*words, beside], name)

    def _written_together(self, words):
        core = [w for w in words if w not in TITLES and (len(w) > 1 or not w.isascii())]
        texts = ["".join(words), "".join(core)]
        texts += ["".join(w for w in words if w not in SMALL)]
        texts += [_without_title(word) for word in words if len(word) > 5]
        return next((self._joined[t] for t in texts if t in self._joined), "")

    def _among(self, words, kinds):
        for word in words:
            for kind, some, name in self._sets.get(word, ()):
                if kind in kinds and some <= words:
                    return name
        return ""

    def _without_spaces(self, text):
        for run in _UNSPACED.findall(skeleton("".join(text.split()))):
            for start in range(len(run)):
                for length in range(LEAST_UNSPACED, self._longest + 1):
                    if found := self._unspaced.get(run[start : start + length]):
                        return found
        return ""


def _words(text):
    """The words as they are compared; "Hall’s" becomes "Hall"."""
    text = _POSSESSIVE.sub("", text)
    return _WORD.findall(skeleton(_APOSTROPHES.sub("", text)))


def _without_title(word):
    """ "MayorHarveyHall" without the title before or after the name."""
    if not (word.startswith(_LONG_TITLES) or word.endswith(_LONG_TITLES)):
        return word  # as nearly every word
    for title in _LONG_TITLES:
        if word.startswith(title):
            return word.removeprefix(title)
        if word.endswith(title):
            return word.removesuffix(title)
    return word


_LONG_TITLES = tuple(sorted((t for t in TITLES if len(t) > 2), key=len, reverse=True))
