"""In which language a text is, as far as its letters tell it for sure."""

import re

# The letters of a script, the languages that are written in it, and the tag (BCP 47) of
# a text in it whose language nobody knows.
_SCRIPTS = [
    ("가-힣ᄀ-ᇿㄱ-ㆎ", ["ko"], "ko"),
    ("ぁ-ヿ一-鿿㐀-䶿々", ["ja", "zh"], "und-Hani"),
    ("ؠ-يٮ-ۓݐ-ݿ", ["ar", "fa", "ur", "ps", "ug"], "und-Arab"),
    ("Ѐ-ԯ", ["ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg"], "und-Cyrl"),
    ("Ͱ-Ͽἀ-῿", ["el"], "el"),
    ("א-ת", ["he", "yi"], "und-Hebr"),
    ("ऀ-ॿ", ["hi", "mr", "ne"], "und-Deva"),
    ("ก-๛", ["th"], "th"),
]
_FOUND_BY = [(re.compile(f"[{each[0]}]"), *each[1:]) for each in _SCRIPTS]
_NOT_LATIN = {spoken for _letters, languages, _tag in _SCRIPTS for spoken in languages}
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]")
_KANA = re.compile("[ぁ-ヿ]")
# So many of the letters of a text in Japanese are kana at least.
_SOME_KANA = 0.1


def language_of(text: str, said: str) -> str:
    """The language of a text that somebody wrote on a page in the language `said`.

    It is another one only if most letters are of a script that is not of this language:
    a comment in Korean on an English page.
    """
    letters = sum(map(str.isalpha, text))
    spoken = said.partition("-")[0]

    def share(pattern: re.Pattern[str]) -> float:
        return len(pattern.findall(text)) / letters if letters else 0

    if share(_LATIN) > 1 / 2:
        return "und-Latn" if spoken in _NOT_LATIN else said
    for pattern, languages, tag in _FOUND_BY:
        if share(pattern) > 1 / 2:
            if share(_KANA) > _SOME_KANA:
                return said if spoken == "ja" else "ja"
            return said if spoken in languages else tag
    return said
