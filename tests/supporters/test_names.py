import pytest

from supporters import names
from supporters.names import same_person, short


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Maria Silva", "Maria S."),
        ("Maria da Silva Santos", "Maria S."),
        ("Pelé", "Pelé"),
        ("김민수", "김민수"),
        ("A. R.", "A. R."),
        ("Theresa (Kim) hornby", "Theresa H."),
        ("Ada !!!", "Ada"),
    ],
)
def test_a_name_is_shown_by_first_name_and_initial(name, shown):
    assert short(name) == shown


@pytest.mark.parametrize("other", ["ada  lovelace", "Lovelace, Ada", "ADA LOVELÀCE"])
def test_another_spelling_is_the_same_person(other):
    assert same_person("Ada Lovelace", other)


@pytest.mark.parametrize("other", ["Ada King", "Bo Lovelace", "김민수"])
def test_another_name_is_another_person(other):
    assert not same_person("Ada Lovelace", other)


@pytest.mark.parametrize(
    ("name", "first", "initials"),
    [
        ("Maria Silva", "Maria", "M. S."),
        ("Jean-Luc de la Tour", "Jean-Luc", "J. D. L. T."),
        ("Madonna", "Madonna", "M."),
        ("A. B.", "A.", "A. B."),
        ("김 만수", "김", "김. 만."),
        ("Ada – Lovelace", "Ada", "A. L."),
    ],
)
def test_a_name_is_shown_as_its_owner_chose(name, first, initials):
    assert (names.first(name), names.initials(name)) == (first, initials)
