"""The one judgement of all text that a stranger will read, wherever it was typed.

There are three verdicts. **Refuse** is for what a sentence beside the field explains
and the writer can mend: markup, a web or email address in a name or a place. **Hold**
is for doubt: the act counts, and the text waits for a person, who reads why; the writer
sees no difference. **Pass** is everything else. Names and places of real people come in
all scripts and forms, so nothing that a name can contain is refused.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import gettext_lazy as _

from safeguards.confusables import plain, readings
from safeguards.posing import Names

# The longest names of people that we know have some ten words; a longer one is a
# sentence.
MOST_WORDS, MOST_LETTERS = 10, 80
# Fewer digits than this are a house number, a year or a postcode. National numbers of
# E.164 have at least so many.
LEAST_DIGITS = 7
# "five five five one two": so many words for digits in a row are a number.
LEAST_DIGIT_WORDS = 5
# Words that make a name a sentence; hardly any name contains them.
SENTENCE = frozenset(
    ("is", "isn't", "was", "were", "says", "said", "cancelled", "canceled", "petition")
)

REASONS = {
    "markup": _("formatting code"),
    "link": _("a web address"),
    "email": _("an email address"),
    "phone": _("perhaps a phone number"),
    "street": _("perhaps a street address"),
    "handle": _("perhaps a messenger account"),
    "posing": _("could be taken for somebody else"),
    "sentence": _("reads like a sentence, not like a name"),
    "scripts": _("letters from several alphabets in one word"),
    "word": _("a word on the block list"),
    "advert": _("a web address beside words of advertising"),
}
REFUSED = ("markup", "link", "email")


@dataclass(frozen=True)
class Finding:
    """Why a text waits or is refused: the reason, and the detail for its sentence."""

    reason: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """A sentence for staff; nobody else reads it."""
        words = str(REASONS[self.reason])
        return f"{words}: {self.detail}" if self.detail else words


@dataclass(frozen=True)
class Verdict:
    """What was found in a text. An empty verdict is a pass."""

    findings: tuple[Finding, ...] = ()
    refusal: str = ""

    @property
    def refuses(self) -> bool:
        return bool(self.refusal)

    @property
    def holds(self) -> bool:
        return bool(self.findings) and not self.refusal

    @property
    def reason(self) -> str:
        """The first reason, which stands for all of them; "" for a pass."""
        return self.refusal or (self.findings[0].reason if self.findings else "")

    @cached_property
    def sentence(self) -> str:
        """All reasons, as a sentence for staff."""
        return "; ".join(finding.sentence for finding in self.findings)


def public_text(
    *,
    name: str = "",
    city: str = "",
    text: str = "",
    is_letter: bool = False,
    names: Names | None = None,
    words: Sequence[str] = (),
    words_of_names: str = "",
) -> Verdict:
    """The verdict on what somebody typed and others will read.

    `name` and `city` are lines about a person, `text` is what they wrote. A letter
    (`is_letter`) is read by officials alone: its city may hold the writer's own street,
    and its text anything but blocked words. `names` are those that nobody else may sign
    with; `words` are the blocked ones, and the lines of `words_of_names` those that are
    blocked in a name and a place.
    """
    typed = [*filter(None, (name, city, text))]
    found = [Finding("word", word) for word in _words_in(typed, words)]
    found += [Finding("word", word) for word in _in_a_name(name, city, words_of_names)]
    if name and (posed := (names or Names()).posed_as(name, city)):
        found.append(Finding("posing", posed))
    found += [Finding(reason) for line in (name, city) for reason in _in_a_line(line)]
    # Where name and city both show, they are read together: "Bo 661 555" of "0199".
    together = ", ".join(filter(None, (name, city)))
    contacts = [*_contact_in(together)]
    if is_letter and "street" in contacts and "street" not in _contact_in(name):
        contacts.remove("street")
    found += map(Finding, contacts)
    if text and not is_letter:
        found += [Finding(reason) for reason in _in_a_text(text)]
    if _is_sentence(name) or SENTENCE & {*plain(city).split()}:
        found.append(Finding("sentence"))
    if _mixes_scripts(f"{name} {city}"):
        found.append(Finding("scripts"))
    refused = [refusal(line) for line in (name, city)]
    return Verdict(tuple(dict.fromkeys(found)), next(filter(None, refused), ""))


@lru_cache(maxsize=16)
def addresses_in(text: str) -> int:
    """How many web addresses a text holds, also those without “https://” or “www.”.

    Of addresses without them only generic domains count: "Mayor.Please" lacks a space.
    """
    seen = plain(text)
    with_scheme = len(_ADDRESS.findall(seen.replace("://www.", "://")))
    return with_scheme + len(_BARE_DOMAIN.findall(_WHOLE_ADDRESS.sub(" ", seen)))


@lru_cache(maxsize=16)
def refusal(line: str) -> str:
    """Why a name or a place is refused at the form: one of REFUSED, or "".

    The last lines are remembered: a form asks first, and then public_text().
    """
    seen = plain(line)
    if _MARKUP.search(seen):
        return "markup"
    if "@" in seen:
        return "email"
    return "link" if _LINK.search(seen) or _DOMAIN.search(seen) else ""


# The patterns, and what finds them.

_MARKUP = re.compile(
    r"<\s*/?[a-z!?]|\[/?(?:url|img|link|b|i|u)\b|\]\s*\(|&(?:#\d+|#x[\da-f]+|[a-z]+);"
    r"|\{\{|\{%|`{3}"
)
_LINK = re.compile(
    r"\w://|\bwww\.|\bhttps?\b|\bmailto:|\bhxxps?\b"
    # "t.me/abc", "bit.ly/pills"; "St.Gallen/Wil" is a place.
    r"|\b[a-z0-9-]{1,63}\.(?:[a-z]{2}|com|net|org|info|link|app)/\w"
)
# Generic domains. Those of countries are also parts of names: "M.de Silva".
_GENERIC = r"(?:com|net|org|info|biz|xyz|top|site|online|shop|store|club|app|dev)\b"
_DOMAIN = re.compile(rf"\b[a-z0-9-]{{3,63}}\s?(?:\.|\[\.\]|\(\.\))\s?{_GENERIC}")
_ADDRESS = re.compile(r"https?://|\bwww\.")
_WHOLE_ADDRESS = re.compile(rf"(?:{_ADDRESS.pattern})\S*")
_BARE_DOMAIN = re.compile(
    rf"(?<![@\w.+-])(?:[a-z0-9-]{{1,63}}(?:\.|\[\.\]|\(\.\))){{1,5}}{_GENERIC}"
)
# Two of these beside a web address are an advertisement; one may be what a campaign is
# about.
_ADVERTISING = (
    "bet betting bonus bonuses casino casinos cialis crypto escort escorts forex"
    " freespins jackpot lottery payday pills poker porn roulette slots viagra"
)
LEAST_ADVERTISING = 2
# Domains that are seldom a part of a name, and those that lead nowhere (RFC 2606).
_OTHER_DOMAINS = (
    "academy|agency|ai|bar|best|bet|bid|bio|blog|buzz|cam|care|casino|center|chat|click"
    "|cloud|codes|company|cool|date|deals|design|digital|direct|download|edu|email|events"
    "|example|exchange|fail|finance|fit|forum|fun|fund|games|gov|group|guide|help|host"
    "|icu|int|invalid|io|lat|life|link|live|llc|loan|localhost|ltd|market|marketing|media"
    "|mil|mobi|money|monster|network|news|ngo|one|onion|ong|page|party|petition|pics"
    "|plus|poker|porn|press|pro|promo|quest|review|reviews|rocks|run|sale|services|sex"
    "|social|software|solutions|space|stream|studio|support|systems|team|tech|test|tips"
    "|today|tools|trade|tv|vip|vote|wang|watch|web|website|wiki|win|work|works|world|wtf"
    "|xxx|zip|zone"
)
_DOUBTFUL_DOMAIN = re.compile(
    r"\b[a-z0-9-]{4,63}\.[a-z]{2}(?:/|\b(?!\.))"
    rf"|\b[a-z0-9-]{{3,63}}\.(?:{_OTHER_DOMAINS})\b"
    # "x.com" and "b.blog/pills": short domains.
    rf"|\b[a-z0-9-]{{1,2}}\.(?:{_GENERIC}|(?:{_OTHER_DOMAINS})/\w)"
)
# "dogmeat shop dot com". "Bo Dot Com" may be a name.
_SPELLED_DOMAIN = re.compile(
    r"\b[a-z0-9-]{3,63}\W{1,3}(?:dot|punto|punkt|point|ponto|punt)"
    rf"\W{{1,3}}(?:{_GENERIC}|(?:{_OTHER_DOMAINS}|[a-z]{{2}})$)"
    rf"|{'|'.join(map(plain, ('닷컴', '닷 컴', '점컴', 'ドットコム', '点com')))}"
)
# "ada at mail dot example", "ada(at)mail", "ada at mail.com".
_SPELLED_ADDRESS = re.compile(
    r"\w\s*[(\[{]\s*(?:at|arroba)\s*[)\]}]\s*\w"
    r"|\w\s+(?:at|arroba|chez)\s+[\w-]+\s+(?:dot|punto|punkt|point)\s+[a-z]{2,}"
    rf"|\w\s+at\s+{_DOMAIN.pattern}"
)
_WRITTEN_ADDRESS = re.compile(r"[\w.+-]@[\w-]+\.\w")
_HANDLE = re.compile(
    r"\b(?:whatsapp|telegram|wechat|weixin|kakaotalk|viber|snapchat|t\.me|wa\.me)\b"
)
# Long numbers that nobody can call: 93301-1234 and 01310-100 are postcodes.
_NO_NUMBER = re.compile(
    r"(?<!\d)(?:\d{5}-(?:\d{4}|\d{3})"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})"
    r"|(?:19|20)\d\d\s?[-/,\u2013&]?\s?(?:19|20)\d\d"
    r"|\d{1,3}(?:,\d{3})+)(?!\d)"
)
_NUMBER = re.compile(
    rf"\d(?:[\s().,/_\u2010-\u2015*~|-]{{0,3}}\d){{{LEAST_DIGITS - 1}}}"
)
_DIGIT_WORDS = (
    "zero oh one two three four five six seven eight nine"
    " null eins zwei drei vier fuenf funf sechs sieben acht neun"
    " cero uno dos tres cuatro cinco seis siete ocho nueve"
    " un deux trois quatre cinq sept huit neuf"
)
_TOLD_NUMBER = re.compile(
    rf"(?:\b(?=[a-z])(?:{'|'.join(_DIGIT_WORDS.split())})\b\W*){{{LEAST_DIGIT_WORDS},}}"
)
_LOOKS_LIKE_DIGIT = str.maketrans({"o": "0", "l": "1", "i": "1"})
# "O1gg" beside a digit is read as one; a run of letters alone stays a word.
_LIKE_DIGITS = re.compile(r"(?<![\doil])(?:[oil]++\d|\d++[oil])[\doil]*+")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
# Streets with the number first: 12 Oak Street, 5 rue de la Paix, 12, Long Lane.
_STREETS_AFTER = (
    "street|st|str|road|rd|avenue|ave|av|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace"
    "|square|sq|crescent|highway|hwy|parkway|pkwy|rue|impasse|allee|chemin|quai"
)
# Streets with the number last: Hauptstr. 5, Calle Mayor 5, ul. Dluga 5, via Roma 10.
_STREETS_BEFORE = (
    r"\w*(?:stra(?:ss)?e|str|gasse|allee|platz|weg)|calle|avenida|avda|carrer|via|viale"
    r"|corso|piazza|rua|travessa|ulica|ul|ulitsa|caddesi|cad|sokak|sok"
)
_STREET = re.compile(
    rf"\b\d{{1,5}}[a-z]?\b,?(?:\s+[\w'.]+){{0,2}}?\s+(?=[a-z])(?:{_STREETS_AFTER})\b"
    rf"|\b(?:{_STREETS_BEFORE})\b\.?(?:\s+[\w'.]+){{0,3}}?(?:\s*,)?\s*\d{{1,5}}[a-z]?\b"
    # "로" is also a particle: 버스로 20분 is "20 minutes by bus".
    r"|[\uac00-\ud7a3](?:로|길)\s?\d{1,4}(?!\d|\s?(?:[년월일시분초명개세원%마]|번(?!길)))"
    r"|\d\s?(?:丁目|番地|号|號|巷|弄)"
    r"|\b(?:ул|улица|пр|проспект|пер)\b\.?\s*[\w.\s]{1,40}?\d{1,4}"
)
_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE", "COPTIC")


def _in_a_line(line):
    """Why a name or place waits, and why it is refused, apart from contact data.

    Contact data is looked for in name and place together.
    """
    seen = plain(line)
    if refused := refusal(line):
        yield refused
    elif ("." in seen and _DOUBTFUL_DOMAIN.search(seen)) or _SPELLED_DOMAIN.search(
        seen
    ):
        yield "link"
    if _HANDLE.search(seen):
        yield "handle"


def _in_a_text(text):
    """Why a text waits. Web addresses may stand in it; too many are found elsewhere."""
    seen = plain(text)
    if _MARKUP.search(seen):
        yield "markup"
    if _WRITTEN_ADDRESS.search(seen):
        yield "email"
    if addresses_in(text) and _is_advertising(seen):
        yield "advert"
    yield from _contact_in(text)


def _is_advertising(seen):
    words = {*_spaced(_with_words_joined(seen)).split()}
    return len(words & {*_ADVERTISING.split()}) >= LEAST_ADVERTISING


def _contact_in(text):
    seen = plain(text)
    if _SPELLED_ADDRESS.search(seen):
        yield "email"
    if _TOLD_NUMBER.search(seen):
        yield "phone"
    if not any(map(str.isdigit, text)):
        return
    # The digits of all scripts, and full-width ones, as ASCII digits.
    digits = _OTHER_DIGIT.sub(lambda c: str(unicodedata.decimal(c[0])), text)
    if _holds_number(plain(digits)):
        yield "phone"
    # Cyrillic street words are looked for as written, too: plain() makes them Latin.
    if any(map(_STREET.search, {seen, digits.casefold()})):
        yield "street"


def _holds_number(text):
    text = _LIKE_DIGITS.sub(lambda run: run[0].translate(_LOOKS_LIKE_DIGIT), text)
    return bool(_NUMBER.search(_NO_NUMBER.sub("x", text)))


def _is_sentence(name):
    words = plain(name).split()
    if len(words) > MOST_WORDS or len(name) > MOST_LETTERS:
        return True
    if SENTENCE & {*words}:
        return True
    return len(words) > 2 and any(mark in name for mark in "!?;:¡¿")


def _mixes_scripts(text):
    """Whether a word mixes Latin letters with others that only look like them."""
    if text.isascii():
        return False
    for word in unicodedata.normalize("NFKC", text).split():
        others = [c for c in word if not c.isascii() and c.isalpha()]
        if any(c.isascii() and c.isalpha() for c in word) and any(
            unicodedata.name(c, "").startswith(_SCRIPTS) for c in others
        ):
            return True
    return False


# From here on in Unicode: Thai, Hangul Jamo, East Asia and what comes after.
FIRST_UNSPACED = 0x0E00


def words_in(text: str, words: Sequence[str]) -> list[str]:
    """The blocked words in a text; whole words only, in scripts that put spaces.

    Korean writes particles onto a word, and Chinese, Japanese and Thai put no spaces;
    symbols are found anywhere. Full-width, invisible and look-alike letters do not make
    another word, nor do signs between its letters: "ca.si.no", "c a s i n o".
    """
    return _words_in([text], words)


def _words_in(texts, words):
    if not words:
        return []
    seen = "\n".join(dict.fromkeys(each for text in texts for each in readings(text)))
    spaced = f" {_spaced(_with_words_joined(seen))} "
    return [word for word in words if _stands_in(*_blocked(word), seen, spaced)]


def _stands_in(blocked, is_whole, seen, spaced):
    # A word of invisible characters alone would be found in every text.
    return bool(blocked.strip()) and blocked in (spaced if is_whole else seen)


# At the end of a word for names: they wait only if they begin with it and go on. So
# "Die Jane Roe" waits, and "Kill" may be a family name.
BEGINS = "\u2026"


def _in_a_name(name, city, words):
    """Which of these words make a name wait."""
    inside, by_first = _divided(words)
    found = {}
    for text, is_name in ((name, True), (city, False)):
        seen = "\n".join(readings(text))
        found |= {word: None for word, blocked in inside if blocked in seen}
        for each in _with_words_joined(seen).split("\n"):
            line = f" {_spaced(each)} "
            for first in line.split():
                for word, phrase, begins in by_first.get(first, ()):
                    goes_on = line.startswith(phrase) and line != phrase
                    if goes_on and is_name if begins else phrase in line:
                        found[word] = None
    return list(found)


@lru_cache(maxsize=4)
def _divided(words):
    """Those without spaces, and the others by their first word, as they are looked for.

    So a name is compared with few of them.
    """
    inside, by_first = [], {}
    for word in words.splitlines():
        blocked, is_whole = _blocked(word.removesuffix(BEGINS))
        if is_whole:
            entry = (word, blocked, word.endswith(BEGINS))
            by_first.setdefault(blocked.split()[0], []).append(entry)
        elif blocked.strip():
            inside.append((word, blocked))
    return inside, by_first


# "c.a.s.i.n.o" and "c a s i n o": letters that stand alone, with signs between them.
_LONE_LETTERS = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){2,}")
# "ca.si.no". An apostrophe is part of a word: "he'll".
_SIGNS_INSIDE = re.compile(r"(?<=[^\W_])(?:(?!['\u2019])[^\w\s]|_){1,2}(?=[^\W_])")
_SIGNS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")


def _with_words_joined(seen):
    """A text as it stands, followed by readings of it with split words joined.

    A word that is in none of them is not in the text.
    """
    letters = _LONE_LETTERS.sub(lambda found: _SIGNS.sub("", found[0]), seen)
    has_signs = not seen.replace(" ", "").isalnum()
    unsigned = _SIGNS_INSIDE.sub("", seen) if has_signs else seen
    return "\n".join(dict.fromkeys((seen, letters, unsigned)))


@lru_cache(maxsize=2048)
def _blocked(word: str) -> tuple[str, bool]:
    """A blocked word in the form that is looked for, and whether as a whole word."""
    seen = plain(word.casefold())
    blocked = _spaced(seen)
    if not blocked or any(c.isalpha() and ord(c) >= FIRST_UNSPACED for c in blocked):
        return seen, False
    return f" {blocked} ", True


def _spaced(text):
    """Words with single spaces, so that whole words are compared."""
    return " ".join(_WORD.findall(text))
