"""bin/test --affected: what runs again, and what is left out (affected.py)."""

from dataclasses import dataclass

import pytest

from tests import affected


@dataclass(frozen=True)
class Item:
    file: str
    mark: str = ""

    @property
    def nodeid(self):
        return f"{self.file}::test_it"

    def get_closest_marker(self, name):
        return name == self.mark


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Files of which both tests ran one, and one is a setting."""
    for name in ("a.py", "b.py", "settings.py", "tests/x/test_a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(affected, "ROOT", tmp_path)
    monkeypatch.setattr(affected, "KNOWN", tmp_path / "known.json")
    monkeypatch.setattr(affected, "read_by_all", lambda: {"settings.py"})
    affected.digest.cache_clear()
    yield tmp_path
    affected.digest.cache_clear()


@pytest.fixture
def run(house, pytestconfig):
    """A run in which `ran` is what the tests of a file ran; returns what ran at all."""

    def run(ran, failed=()):
        affected.digest.cache_clear()
        notes = affected.Notes(pytestconfig)
        items = [Item(file) for file in ran]
        notes.leave_out(items)
        for item in items:
            notes.ran[item.file] = {item.file, *ran[item.file]}
            notes.number[item.file] += 1
        notes.failed.update(failed)
        notes.keep()
        return [item.file for item in items]

    return run


A, B = "tests/x/test_a.py", "tests/x/test_b.py"
RAN = {A: {"a.py"}, B: {"b.py"}}


def test_a_file_of_which_nothing_has_changed_is_left_out(run, house):
    assert run(RAN) == [A, B]
    assert run(RAN) == []

    (house / "a.py").write_text("2")
    assert run(RAN) == [A]
    (house / "tests/x/test_a.py").write_text("2")
    assert run(RAN) == [A]
    (house / "settings.py").write_text("2")
    assert run(RAN) == [A, B]


def test_what_failed_and_what_looks_at_the_whole_house_runs_again(run):
    whole = "tests/test_house.py"

    assert run({**RAN, whole: set()}, failed=[B]) == [A, B, whole]
    assert run({**RAN, whole: set()}) == [B, whole]


def test_a_file_with_a_process_of_the_site_runs_each_time(run, pytestconfig):
    run(RAN)
    items = [Item(A), Item(A, "real_clock"), Item(B)]

    affected.Notes(pytestconfig).leave_out(items)

    assert {item.file for item in items} == {A}


def test_a_module_without_a_function_matters_to_all():
    assert affected.is_read_by_all("campaign_site/settings.py")
    assert affected.is_read_by_all("comments/reasons.py") is (
        "def " not in (affected.ROOT / "comments/reasons.py").read_text()
    )
    assert not affected.is_read_by_all("tests/affected.py")
