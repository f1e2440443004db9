"""What is tried of very many values without --long; see tests/long.py."""

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
