"""What is tried of many values without --long; see tests/long.py."""

from collections import Counter
from dataclasses import dataclass

import pytest

from tests import long


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(long, "_is_long", False)


@pytest.mark.parametrize("number", [2, 4, 10])
def test_a_few_orders_try_all_values(monkeypatch, number):
    tried = set()
    for order in range(4711, 4711 + long.ONE_IN):
        monkeypatch.setattr(long, "_order", order)
        tried |= set(long.some(range(number), "here"))

    assert tried == set(range(number))


def test_of_few_values_one_is_tried_wherever_it_is():
    for place in range(20):
        assert long.some(["only"], place) == ["only"]
    assert long.some([], "here") == []


def test_of_a_test_that_is_marked_some_of_its_parameters_are_left():
    """The same are left in each process of a run, whatever the order."""
    marked = [Item(f"test_a[{value}]", "some") for value in "abcdefghijklmnop"]
    few = [Item(f"test_b[{value}]", "some") for value in "ab"]
    others = [Item("test_c[a]"), Item("test_c[b]"), Item("test_d")]
    soak = Item("test_e", "long")
    items, again = [*marked, *few, *others, soak], [soak, *few, *others, *marked[::-1]]

    for found in (items, again):
        long.leave_out(found)

    names = Counter(found.nodeid.partition("[")[0] for found in items)
    assert names == {"test_a": 2, "test_b": 1, "test_c": 2, "test_d": 1}
    assert {*items} == {*again}


def test_with_a_browser_journeys_are_left_and_some_of_all_others():
    journeys = [Item("tests/browser/test_a.py::test_b", "journey")]
    others = [Item(f"tests/browser/test_{n}.py::test_{n}") for n in range(47)]
    alone = [Item("tests/browser/test_c.py::test_d[phone]")]
    items = [*others, *alone, *journeys]

    long.leave_out(items)

    assert {*journeys} <= {*items}
    assert len(items) == 1 + 2


def test_of_tests_that_share_a_word_some_are_left():
    items = [Item(f"test_{name}", "some", ("queries",)) for name in "abcdefgh"]

    long.leave_out(items)

    assert len(items) == 1


def test_of_large_folders_a_part_is_left_unless_a_folder_is_named(monkeypatch):
    desk = [Item(f"tests/staff/test_{n}.py::test_{n}") for n in range(9)]
    letters = [Item(f"tests/letters/test_{n}.py::test_{n}") for n in range(8)]
    others = [Item(f"tests/pages/test_{n}.py::test_{n}") for n in range(9)]
    items, named = [*desk, *letters, *others], [*desk]

    monkeypatch.setattr(long, "_names_a_folder", False)
    long.leave_out(items)
    monkeypatch.setattr(long, "_names_a_folder", True)
    long.leave_out(named)

    assert len({*items} & {*desk}) == 3
    assert len({*items} & {*letters}) == 4
    assert {*others} <= {*items}
    assert named == desk


@dataclass(frozen=True)
class Item:
    nodeid: str
    mark: str = ""
    args: tuple = ()

    def get_closest_marker(self, name):
        return self if name == self.mark else None
