"""What bin/test leaves for --release, and what stands of such a run (release.py)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests import release


@dataclass(frozen=True)
class Item:
    name: str
    mark: str = ""

    def get_closest_marker(self, name):
        return name == self.mark


def test_what_is_long_by_nature_is_left_out_and_nothing_else():
    others, soak = [Item("a"), Item("b", "parametrize")], Item("c", "release")
    items = [soak, *others]

    assert release.leave_out(items) == [soak]
    assert items == others


def test_no_attack_is_left_for_a_release():
    marked = [
        file.name
        for file in (release.ROOT / "tests/hostile").glob("*.py")
        if "mark.release" in file.read_text(encoding="utf-8")
    ]

    assert marked == []


@pytest.mark.parametrize(("is_well", "word"), [(True, "passed"), (False, "failed")])
def test_the_result_names_commit_day_tests_and_minutes(is_well, word):
    counts = {"passed": 7, "failed": 0, "skipped": 1}

    said = release.result_of(is_well, "all", counts, datetime.now(UTC))

    assert re.fullmatch(
        rf"result {word}\ncommit [0-9a-f]{{8}}\nday \d{{4}}-\d\d-\d\d\n"
        r"tests all: 7 passed, 1 skipped\nminutes \d+\n",
        said,
    )


def test_a_release_is_tried_at_a_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setattr(release, "RESULT", tmp_path / ".ci/last-release")
    release.git("init", "--quiet")
    release.RESULT.parent.mkdir()
    release.RESULT.write_text("of the run before")

    assert release.uncommitted() == ""

    (tmp_path / "new.py").touch()

    assert release.uncommitted() == "?? new.py"
