"""Lists are sorted by the alphabet of the reader's language."""

import re

import pytest
from django.utils.translation import override

from pages.countries import CountrySelect
from pages.sorting import alphabetical


@pytest.mark.parametrize(
    "words",
    [
        ["Ostern", "Österreich", "Zypern"],
        ["Éire", "Espagne", "États-Unis", "Ethiopie"],
        ["cote", "Côte d’Ivoire", "Coton"],
        ["가나", "가봉", "각", "나미비아", "대한민국"],
        ["アイスランド", "ガーナ", "カナダ", "日本"],
        ["إسبانيا", "أستراليا", "البرازيل", "ألمانيا", "تونس", "مصر"],
    ],
)
def test_words_stand_in_the_order_of_their_alphabet(words):
    assert sorted({*words}, key=alphabetical) == words


@pytest.mark.parametrize(
    ("language", "some"),
    [
        ("en", ["Afghanistan", "Åland Islands", "Albania", "Zimbabwe"]),
        ("de", ["Ägypten", "Albanien", "Österreich", "Osttimor", "Zypern"]),
        ("ko", ["가나", "대한민국", "일본", "프랑스"]),
        ("ar", ["أستراليا", "البرازيل", "ألمانيا", "تونس", "مصر"]),
    ],
)
def test_countries_stand_in_that_order(language, some):
    with override(language):
        names = re.findall(r">([^<]+)</option>", CountrySelect().options())

    found = [name for name in names if name in some]
    assert found == some
