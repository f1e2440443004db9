"""The language of a stranger's words, as far as their letters tell it."""

import pytest

from pages.scripts import language_of

ENGLISH = "I love dogs."


@pytest.mark.parametrize(
    ("text", "said", "is_in"),
    [
        (ENGLISH, "en", "en"),
        ("Me encantan los perros.", "en", "en"),  # letters do not tell
        ("개를 사랑합니다.", "en", "ko"),
        ("개를 사랑합니다. OK!", "en", "ko"),
        ("개를 사랑합니다.", "ko", "ko"),
        ("犬が大好きです。", "en", "ja"),
        ("犬が大好きです。", "zh-hans", "ja"),
        ("犬が大好きです。", "ja", "ja"),
        ("我爱狗", "en", "und-Hani"),
        ("我爱狗", "zh-hant", "zh-hant"),
        ("أحب الكلاب", "en", "und-Arab"),
        ("أحب الكلاب", "ar", "ar"),
        ("Я люблю собак", "en", "und-Cyrl"),
        ("Я люблю собак", "ru", "ru"),
        ("Λατρεύω τα σκυλιά", "en", "el"),
        ("אני אוהב כלבים", "en", "und-Hebr"),
        (ENGLISH, "ko", "und-Latn"),
        (ENGLISH, "ar", "und-Latn"),
        ("J’aime « 개 », voilà tout", "en", "en"),
        ("", "en", "en"),
        ("👍 100 %", "ko", "ko"),
        ("개를", "", "ko"),
    ],
)
def test_it_is_another_one_only_where_the_script_is_not_of_that_language(
    text, said, is_in
):
    assert language_of(text, said) == is_in
