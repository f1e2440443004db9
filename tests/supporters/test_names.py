import pytest

from supporters.people import names
from supporters.people.names import same_person


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
        ("Ada – Lovelace", "Ada", "A. L."),
        ("Silva, Maria", "Maria", "M. S."),
        ("Prof. Dr. med. Anna Weber", "Anna", "A. W."),
        ("Mr John Smith", "John", "J. S."),
        ("Martin King Jr.", "Martin", "M. K."),
        ("김지우", "지우", "김. 지."),
        ("김 만수", "만수", "김. 만."),
        ("남궁민수", "민수", "남. 민."),
        ("이산", "산", "이. 산."),
        ("王小明", "小明", "王. 小."),
        ("欧阳娜娜", "娜娜", "欧. 娜."),
        ("田中 太郎", "太郎", "田. 太."),
        ("マリア・シルバ", "マリア", "マ."),
        # Nobody can tell: its bearer is asked.
        ("やまだはなこ", "", "や."),
        ("Dr. Weber", "", "W."),
        ("Dr.", "", ""),
    ],
)
def test_a_name_is_proposed_for_each_way_to_show_it(name, first, initials):
    assert (names.first(name), names.initials(name)) == (first, initials)


@pytest.mark.parametrize(
    ("name", "country", "first"),
    [
        ("Nguyễn Văn An", "VN", "An"),
        ("Nagy Anna", "HU", "Anna"),
        ("Kim Ji-woo", "KR", "Ji-woo"),
        ("Kim Novak", "US", "Kim"),
    ],
)
def test_where_the_family_name_comes_first_the_next_is_proposed(name, country, first):
    assert names.first(name, country) == first


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dr. Maria da Silva", "Maria S."),
        ("Kim Jiwoo", "Kim J."),
        ("Silva, Maria", "Maria S."),
        ("김지우", "지우"),
        ("Ada", "Ada"),
        ("Dr. Silva", "Dr. Silva"),
    ],
)
def test_a_short_name_tells_its_bearer_who_is_known_here(name, shown):
    assert names.short(name) == shown
