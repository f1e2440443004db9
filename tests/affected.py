"""While you work: bin/test --affected runs the files of tests that a change can break.

It notes which code of ours runs, and which templates are rendered, while the tests of
a file run. The next time it leaves the file out if nothing of that has changed since
all its tests passed. What is read and does not run (a setting, a migration, a style, a
script, a translation, a module without a function) matters to all files. The tests of
the house as a whole (tests/*.py) run each time, and so do those that start a process
of the site (`real_clock`), in which nobody notes anything.

It can miss a file that only reads a constant of another one. Before a change lands,
bin/test runs everything.
"""

import json
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from functools import cache
from hashlib import sha256
from inspect import CO_OPTIMIZED
from pathlib import Path

import pytest
from django.test.signals import template_rendered

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / "var/cache/affected.json"
# What matters to all files of tests, beside modules without a function.
READ = (
    "*.toml",
    "requirements*",
    "*/settings.py",
    "*/migrations/*",
    "static/*",
    "*.po",
)
WATCHED = sys.monitoring.events.PY_START
TOOL = sys.monitoring.PROFILER_ID


def pytest_addoption(parser):
    parser.addoption(
        "--affected",
        action="store_true",
        help="leave out files of tests of which nothing has changed since they passed",
    )


def pytest_configure(config):
    if config.option.affected:
        config.pluginmanager.register(Affected(config))


@cache
def digest(name):
    file = ROOT / name
    return sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def digest_of(names):
    return sha256("".join(map(digest, sorted(names))).encode()).hexdigest()


@cache
def read_by_all():
    """The files that matter whatever runs."""
    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)
    return {name for name in listed.splitlines() if is_read_by_all(name)}


def is_read_by_all(name):
    if any(fnmatch(name, rule) for rule in READ):
        return True
    file = ROOT / name
    return file.suffix == ".py" and file.is_file() and b"def " not in file.read_bytes()


def file_of(item):
    return item.nodeid.partition("::")[0]


class Notes:
    """Which files of tests ran what, and which of them need not run now."""

    def __init__(self, config):
        is_part = any("::" in argument for argument in config.args)
        self.keeps = not (is_part or config.option.keyword or config.option.markexpr)
        self.ran, self.number, self.wanted = {}, Counter(), Counter()
        self.failed = set()
        self.known = json.loads(KNOWN.read_text()) if KNOWN.exists() else {}

    def is_unchanged(self, file):
        kept = self.known.get(file)
        return kept and kept["digest"] == digest_of({*kept["ran"], *read_by_all()})

    def leave_out(self, items):
        """Take the tests that need not run out of these, and return them."""
        files = set(map(file_of, items))
        files -= {file_of(i) for i in items if i.get_closest_marker("real_clock")}
        unchanged = {file for file in files if self.is_unchanged(file)}
        left_out = [item for item in items if file_of(item) in unchanged]
        items[:] = [item for item in items if file_of(item) not in unchanged]
        self.wanted.update(map(file_of, items))
        return left_out

    def add(self, ran, number, wanted):
        """What another process of tests has noted."""
        for file, names in ran.items():
            self.ran.setdefault(file, set()).update(names)
        self.number.update(number)
        self.wanted = Counter(wanted) or self.wanted

    def keep(self):
        for file, ran in self.ran.items():
            self.known.pop(file, None)
            is_whole = self.number[file] == self.wanted[file]
            is_of_the_house = file.count("/") == 1
            if is_whole and not is_of_the_house and file not in self.failed:
                found = digest_of({*ran, *read_by_all()})
                self.known[file] = {"ran": sorted(ran), "digest": found}
        KNOWN.parent.mkdir(parents=True, exist_ok=True)
        KNOWN.write_text(json.dumps(self.known), encoding="utf-8")


class Affected:
    """Notes what runs in this process of tests."""

    def __init__(self, config):
        self.config, self.notes, self.here = config, Notes(config), set()
        sys.monitoring.use_tool_id(TOOL, "affected")
        sys.monitoring.register_callback(TOOL, WATCHED, self.on_start)
        sys.monitoring.set_events(TOOL, WATCHED)
        template_rendered.connect(self.on_render)

    def on_start(self, code, _offset, off=sys.monitoring.DISABLE):
        """A function starts, also in another thread."""
        is_function = code.co_flags & CO_OPTIMIZED  # and no body of a module or class
        return None if is_function and self.note(code.co_filename) else off

    def on_render(self, template, **_others):
        self.note(template.origin.name)

    def note(self, name, start=f"{ROOT}/", elsewhere=f"{ROOT}/var/"):
        is_ours = name.startswith(start) and not name.startswith(elsewhere)
        if is_ours:
            self.here.add(name.removeprefix(start))
        return is_ours

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        config.hook.pytest_deselected(items=self.notes.leave_out(items))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        file = file_of(item)
        self.here = self.notes.ran.setdefault(file, {file})
        self.notes.number[file] += 1
        return (yield)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.notes.failed.add(file_of(report))

    def pytest_sessionfinish(self):
        sys.monitoring.set_events(TOOL, sys.monitoring.events.NO_EVENTS)
        sys.monitoring.free_tool_id(TOOL)
        notes = self.notes
        if hasattr(self.config, "workeroutput"):
            ran = {file: sorted(names) for file, names in notes.ran.items()}
            said = [ran, dict(notes.number), dict(notes.wanted)]
            self.config.workeroutput["affected"] = said
        elif notes.keeps:
            notes.keep()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        if said := getattr(node, "workeroutput", {}).get("affected"):
            self.notes.add(*said)
