"""A letter that is pasted into a form that has the placeholders of a new letter."""

import pytest

from letters.suggested import whole_letter
from letters.suggested.placeholders import NAME_AND_PLACE, OWN_WORDS

BODY = "Dear Mayor,\n\nPlease close it."


@pytest.mark.parametrize(
    ("pasted", "letter"),
    [
        (BODY, f"{BODY}\n\n{OWN_WORDS}\n\n{NAME_AND_PLACE}"),
        (f"{BODY}\n\n{NAME_AND_PLACE}", f"{BODY}\n\n{NAME_AND_PLACE}"),
        (f"{BODY}\n\nYours,\n[Your Name]", f"{BODY}\n\nYours,\n{NAME_AND_PLACE}"),
        (f"{OWN_WORDS}\n\n{BODY}", f"{OWN_WORDS}\n\n{BODY}\n\n{NAME_AND_PLACE}"),
    ],
)
def test_a_letter_pasted_above_or_below_what_the_form_holds_is_whole(pasted, letter):
    assert whole_letter.completed(pasted + whole_letter.START) == letter
    assert whole_letter.completed(f"{whole_letter.START}\n{pasted}") == letter


def test_a_name_in_the_middle_of_a_letter_is_not_the_writers():
    text = f"Dear [name of the mayor],\n\nOne.\n\nTwo.{whole_letter.START}"

    assert whole_letter.completed(text).endswith(
        f"[name of the mayor],\n\nOne.\n\nTwo.\n\n{OWN_WORDS}\n\n{NAME_AND_PLACE}"
    )
