"""Who is named in a campaign's texts as holding an office, and the bodies named there.

Nobody else may sign with their names: "Mayor Kim Dong-geun" protects "Kim Dong-geun".
Too much costs little, since a name that nobody has protects nothing. What people are
called, or where they live, must not be taken for one.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from safeguards.posing import OFFICE, OFFICES, PERSON, SMALL, folded

MOST_WORDS = 4
# These end the name of a body: "Council Bluffs" is a city.
_LAST_WORDS = folded(
    "council parliament senate assembly congress ministry commission committee"
    " authority department agency court police government board"
)
_BODIES = _LAST_WORDS | folded(
    "stadtrat gemeinderat landtag bundestag ministerium stadtverwaltung"
    " ayuntamiento concejo consejo ministerio senado congreso parlamento"
    " mairie conseil ministère préfecture parlement sénat"
    " comune consiglio ministero parlamento regione"
    " gemeente gemeenteraad ministerie provincie"
    " câmara prefeitura ministério conselho congresso"
)
# Before a name that is not marked by capitals.
_OFFICES_IN_ARABIC = (
    *("العمدة", "الوزير", "الوزيرة", "الرئيس", "الرئيسة", "المحافظ", "المحافظة"),
    *("النائب", "النائبة", "المستشار", "المستشارة", "البلدية"),
)
# Between a first name and a family name: "Jan de Vries".
_WITHIN_NAMES = {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos"}
_WITHIN_NAMES |= {"du", "la", "le", "el", "bin"}
_SENTENCE_ENDS = re.compile(r"[!?;:()\[\]\"“”«»„。،…\n|]|(?<=[^\W\d_]{3})\.(?=\s|$)")
_OF_KOREA = "시장|군수|구청장|도지사|의원|장관|대통령|위원장|의장|교육감"
_PARTICLES = "(?:님)?(?:은|는|이|가|을|를|의|과|와|도|에게|께|께서|에|로)?"
_KOREAN_OFFICE = re.compile(rf"([가-힣]*?)(?:{_OF_KOREA}){_PARTICLES}")
_KOREAN_NAME = re.compile(
    r"([김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허노심하곽성차주우구민]"
    # "성남시", "정치인": a city or a kind of people.
    rf"[가-힣]{{1,2}}(?<![시군구도읍면동리청회인들])){_PARTICLES}"
)
_KOREAN_BODY = re.compile(
    rf"([가-힣]{{2,8}}(?:시의회|도의회|군의회|구의회|시청|군청|구청|도청)){_PARTICLES}"
)
# "市長の山田太郎氏".
_JAPANESE_NAME = re.compile(
    r"(?:市長|知事|議員|大臣|議長)の?\s?([\u4e00-\u9fff]{3,5})(?:氏|さん|様)"
)


def named_in(text: str) -> set[tuple[str, str]]:
    """Pairs of a kind (safeguards/posing.py) and a name."""
    found = {(PERSON, name) for name in _JAPANESE_NAME.findall(text)}
    for part in _SENTENCE_ENDS.split(text):
        words = part.split()
        for number, word in enumerate(words):
            before, after = words[max(0, number - 6) : number], words[number + 1 :][:6]
            bare = folded(word.strip(",.").removesuffix("’s").removesuffix("'s"))
            is_title = bool(after) and folded(after[0]) <= OFFICES  # "Council Member"
            if bare and bare <= _BODIES and word[:1].isupper() and not is_title:
                found.update(_body(word, before, after))
            elif bare and bare <= OFFICES:
                found.update(_holders(word, before, after))
            elif word in _OFFICES_IN_ARABIC:
                names = [" ".join(after[:n]).strip(",.") for n in (2, 3)]
                found.update((PERSON, name) for name in names)
        found.update(_in_korean(words))
    return found


def _holders(title, before, after):
    """ "Mayor Kim Dong-geun" and "Kim Dong-geun, the Mayor"."""
    while after and folded(after[0]) <= OFFICES:
        after = after[1:]
    names = [] if title.endswith(",") else _capitals(after)
    if names:
        yield OFFICE, f"{title} {names[0]}"
    for length in range(2, len(names) + 1):
        yield PERSON, " ".join(names[:length])
    while before and folded(before[-1]) <= SMALL | OFFICES:
        before = before[:-1]
    if before and before[-1].endswith(","):
        last_first = [before[-1].rstrip(","), *reversed(before[:-1])]
        names = _capitals(last_first)[::-1]
        if len(names) > 1:
            yield PERSON, " ".join(names)


def _body(word, before, after):
    """ "Bakersfield City Council" and "Ayuntamiento de Madrid"."""
    names = _capitals(reversed(before))[1::-1]
    small = next((n for n, w in enumerate(after) if not folded(w) <= SMALL), 0)
    is_last = not small and (names or folded(word) <= _LAST_WORDS)
    if not is_last and not word.endswith(","):
        names += _capitals(after[small:])[: 2 if small else 1]
    if names:
        yield OFFICE, " ".join([*names, word.strip(",.")])


def _capitals(words):
    """The first words, as long as they are written like a name."""
    found: list[str] = []
    for word in words:
        name = word.strip("'’.,*_")
        is_within = found and word in _WITHIN_NAMES
        if not (name[:1].isupper() or is_within) or len(found) == MOST_WORDS:
            break
        found.append(name.removesuffix("’s").removesuffix("'s"))
        if word.endswith((",", "’s", "'s")):
            break
    while found and found[-1] in _WITHIN_NAMES:
        found.pop()
    return found


def _in_korean(words: list[str]) -> Iterator[tuple[str, str]]:
    """ "김동근 시장", "의정부시장 김동근", "김동근시장", and "부천시의회"."""
    words = [word.strip(",.'\"·‘’") for word in words]
    for word in words:
        if body := _KOREAN_BODY.fullmatch(word):
            yield OFFICE, body[1]
        if (office := _KOREAN_OFFICE.fullmatch(word)) and len(office[1]) > 2:
            yield from _korean(office[1])
    for one, other in pairwise(words):
        if _KOREAN_OFFICE.fullmatch(other):
            yield from _korean(one)
        if _KOREAN_OFFICE.fullmatch(one):
            yield from _korean(other)


def _korean(word):
    # A name of two syllables is a part of many words.
    if (name := _KOREAN_NAME.fullmatch(word)) and len(name[1]) > 2:
        yield PERSON, name[1]
