"""When the database of an earlier run is used again; see tests/migrated.py."""

from tests.migrated import fingerprint


def test_it_is_not_used_once_code_or_packages_have_changed(tmp_path):
    code = tmp_path / "letters/migrations/0001_initial.py"
    code.parent.mkdir(parents=True)
    packages = tmp_path / "requirements.txt"
    found = set()
    for file, content in [(packages, "a"), (code, "b"), (packages, "c"), (code, "d")]:
        file.write_text(content)
        found.add(fingerprint(tmp_path))
    code.rename(code.with_name("0001_first.py"))
    found.add(fingerprint(tmp_path))

    assert len(found) == 5


def test_it_is_used_again_when_only_tests_have_changed(tmp_path):
    (tmp_path / "requirements.txt").touch()
    before = fingerprint(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").touch()

    assert fingerprint(tmp_path) == before
