"""The cache of one process: what it keeps, and for how long."""

import pytest

from pages.in_process_cache import InProcessCache


@pytest.fixture
def kept():
    cache = InProcessCache("tested", {"OPTIONS": {"MAX_ENTRIES": 3}})
    yield cache
    cache.clear()


def test_a_reader_gets_the_value_itself_and_no_copy(kept):
    page = b"a page" * 20_000
    kept.set("page", page)

    assert kept.get("page") is page
    assert kept.get("other", "none") == "none"


def test_what_is_there_is_not_added_again_until_it_is_over(kept, time_machine):
    time_machine.move_to("2026-11-27T12:00Z")
    assert kept.add("renewal", 1, timeout=10)
    assert not kept.add("renewal", 2, timeout=10)
    assert kept.get("renewal") == 1

    time_machine.move_to("2026-11-27T12:00:11Z")
    assert kept.get("renewal") is None
    assert kept.add("renewal", 3, timeout=10)


def test_what_was_read_longest_ago_goes_first(kept):
    for name in ("a", "b", "c"):
        kept.set(name, name)
    kept.get("a")
    kept.set("d", "d")

    assert [kept.get(name) for name in "abcd"] == ["a", None, "c", "d"]


def test_it_counts(kept):
    kept.set("number", 1)

    assert kept.incr("number") == 2
    assert kept.get("number") == 2
