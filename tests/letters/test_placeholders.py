import pytest
from django.core.exceptions import ValidationError

from letters.suggested import placeholders
from letters.suggested.placeholders import (
    ASK,
    NAME_AND_PLACE,
    OWN_WORDS,
    SALUTATION,
)
from tests.factories import LETTER


def filled(text, **words):
    return placeholders.as_text(placeholders.fill(text, **words))


def test_the_writers_words_take_the_place_of_the_placeholders():
    text = filled(LETTER, name="Ada", place="London, UK", own_words="I love dogs.")

    assert text == (
        "Dear Mayor and Council:\n\nPlease help.\n\nI love dogs.\n\n"
        "Thank you.\n\nAda, London, UK"
    )


def test_without_own_words_their_paragraph_is_left_out():
    text = filled(LETTER, name="Ada")

    assert text == "Dear Mayor and Council:\n\nPlease help.\n\nThank you.\n\nAda"


def test_own_words_stand_before_the_name_where_the_letter_has_no_place_for_them():
    text = f"Dear Mayor:\n\nPlease help.\n\nYours,\n{NAME_AND_PLACE}"

    assert filled(text, name="Ada", own_words="I love dogs.") == (
        "Dear Mayor:\n\nPlease help.\n\nI love dogs.\n\nYours,\nAda"
    )


def test_own_words_end_a_letter_without_any_placeholder():
    assert filled("Please help.", own_words="Now.") == "Please help.\n\nNow."


def test_own_words_inside_a_sentence_stay_there():
    text = f"Please help. {OWN_WORDS}\n\n{NAME_AND_PLACE}"

    assert filled(text, name="Ada", own_words="Now.") == "Please help. Now.\n\nAda"
    assert filled(text, name="Ada") == "Please help.\n\nAda"


KNOWN = ", ".join(placeholders.ALL)


@pytest.mark.parametrize("words", [{}, {"place": "London"}])
def test_without_a_name_the_placeholder_stays_to_be_seen(words):
    paragraphs = placeholders.fill(LETTER, **words)

    assert paragraphs[-1] == [(NAME_AND_PLACE, True)]
    assert OWN_WORDS not in placeholders.as_text(paragraphs)


def test_the_writers_own_words_are_marked():
    paragraphs = placeholders.fill(
        f"Yours, {NAME_AND_PLACE}.", name="Ada", place="UK", own_words="Hi."
    )

    assert paragraphs == [
        [("Hi.", True)],
        [("Yours, ", False), ("Ada, UK", True), (".", False)],
    ]


def test_what_a_writer_types_is_never_filled_in_again():
    text = filled(
        LETTER, name="Ada", own_words=f"See {OWN_WORDS} and \\1 {{x}} %(who)s"
    )

    assert f"See {OWN_WORDS} and \\1 {{x}} %(who)s" in text


@pytest.mark.parametrize("gap", ["\n\n", " \n \t\n"])
def test_an_empty_line_parts_paragraphs_however_it_was_typed(gap):
    text = gap.join(["One.", "Two.", NAME_AND_PLACE])

    assert filled(text, name="Ada") == "One.\n\nTwo.\n\nAda"


def test_a_letter_keeps_its_indentation_and_all_its_blanks():
    text = f"One.  Two.\n\n\n\n    Three:\n      - four\n\n\n{NAME_AND_PLACE}"

    assert filled(text, name="Ada") == text.replace(NAME_AND_PLACE, "Ada")


def test_where_no_sentence_is_added_no_empty_lines_stay():
    text = f"One.\n\n{OWN_WORDS}\n\n  Two. {OWN_WORDS}\n\n{NAME_AND_PLACE}"

    assert filled(text, name="Ada") == "One.\n\nTwo.\n\nAda"


@pytest.mark.parametrize("text", [LETTER, NAME_AND_PLACE])
def test_a_letter_that_can_be_filled_in_is_taken(text):
    placeholders.validate_letter(text)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Dear Mayor: please help.",
            [f"Write {NAME_AND_PLACE} exactly once, where the writer’s name goes."],
        ),
        (
            f"{NAME_AND_PLACE} {NAME_AND_PLACE}",
            [f"Write {NAME_AND_PLACE} exactly once, where the writer’s name goes."],
        ),
        (
            f"{NAME_AND_PLACE} {OWN_WORDS} {OWN_WORDS}",
            [f"Write {OWN_WORDS} once at most, where a sentence of their own goes."],
        ),
        (
            f"[your name] {NAME_AND_PLACE}",
            [f"[your name] is no placeholder. These are: {KNOWN}."],
        ),
        (
            f"[City] [Name] {NAME_AND_PLACE}",
            [f"[City], [Name] are no placeholders. These are: {KNOWN}."],
        ),
        (
            f"{NAME_AND_PLACE}\n[Your own words\n",
            [f"[Your own words is no placeholder. These are: {KNOWN}."],
        ),
        (
            f"Dear {{{{name}}}}, {{{{name of {{x}}: {NAME_AND_PLACE} b]",
            [
                "], {x}, {{name of, {{name}} are no placeholders. "
                f"These are: {KNOWN}."
            ],
        ),
        (
            f"[{'x' * 200}] {NAME_AND_PLACE}",
            [f"[{'x' * 60}, ] are no placeholders. These are: {KNOWN}."],
        ),
        (
            "[Your Name & City/Contry]",
            [
                f"[Your Name & City/Contry] is no placeholder. These are: {KNOWN}.",
                f"Write {NAME_AND_PLACE} exactly once, where the writer’s name goes.",
            ],
        ),
    ],
)
def test_a_letter_with_a_slip_is_refused_in_words(text, sentences):
    with pytest.raises(ValidationError) as refused:
        placeholders.validate_letter(text)

    assert refused.value.messages == sentences


def test_a_letter_has_at_most_one_salutation():
    placeholders.validate_letter(f"{SALUTATION}\n\n{NAME_AND_PLACE}")

    with pytest.raises(ValidationError, match="once at most, in place of the greeting"):
        placeholders.validate_letter(f"{SALUTATION * 2}\n\n{NAME_AND_PLACE}")


def test_a_subject_has_no_placeholders():
    placeholders.validate_subject("Please help")

    with pytest.raises(ValidationError, match="A subject has no placeholders"):
        placeholders.validate_subject(f"From {NAME_AND_PLACE}")


@pytest.mark.parametrize("text", [ASK, "[The ask", "{{name", "{name}", "ask]"])
def test_words_that_are_filled_in_have_no_brackets(text):
    placeholders.validate_plain("Dear Mayor Hall (acting):")

    for validate in (
        placeholders.validate_plain,
        placeholders.validate_subject,
    ):
        with pytest.raises(ValidationError):
            validate(text)


def test_a_long_line_of_brackets_takes_no_time():
    with pytest.raises(ValidationError):
        placeholders.validate_letter("[" * 10_000)

    assert filled("[" * 10_000 + "\n \t" * 3_000, name="Ada").startswith("[[[")
