"""The rooms of the house, and the words that our code and templates avoid."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from procrastinate.contrib.django import app as queue

ROOT = Path(__file__).resolve().parent.parent
# From the bottom: each line may know those before it, and nobody on its own.
ROOMS = [
    ["database"],
    ["safeguards"],
    ["pages"],
    ["branding", "reporting"],
    ["outbox"],
    ["staff", "versions"],
    ["campaigns"],
    ["supporters"],
    ["petitions", "letters", "comments"],
    ["api", "campaign_editor"],
    ["translations", "volunteers", "wordpress", "access_keys", "paper"],
    ["campaign_site"],
]
FLOORS = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
MODEL_NAME = re.compile(r"(\w+)\.[A-Z]\w*|(\w+)\.[a-z]\w*")
KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


# The tests of one process read a file once.
pytestmark = pytest.mark.xdist_group("source")
parsed = cache(ast.parse)


def violations(path, source):
    """Imports and names of models in this file that do not go down, as sentences."""
    own = path.split("/")[0]
    tree = parsed(source)
    return [
        f"{path}:{line} {own} must not know {app}"
        for line, app in sorted(apps_known_to(tree))
        if app in FLOORS and app != own and FLOORS[app] >= FLOORS[own]
    ]


def apps_known_to(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Call):
            for text in named_in(node):
                yield node.lineno, text.split(".")[0]


def named_in(call):
    """The strings of a call that name a module or a model."""
    function = getattr(call.func, "attr", getattr(call.func, "id", ""))
    words = [*call.args, *(word.value for word in call.keywords)]
    texts = [w.value for w in words if isinstance(getattr(w, "value", None), str)]
    if function in ("get_model", "import_module", "__import__", "import_string"):
        return texts
    if function in KEYS:
        return [text for text in texts if MODEL_NAME.fullmatch(text)]
    return []


def app_files():
    for app in FLOORS:
        for file in sorted((ROOT / app).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            # Made by a tool, from the models.
            if "/migrations/" not in path:
                yield path, file.read_text(encoding="utf-8")


def test_sql_asks_for_the_time_by_names_that_the_tests_can_move():
    """A keyword cannot be defined anew, as tests/clock.py does with functions."""
    keyword = re.compile(r"\b(CURRENT_(TIMESTAMP|DATE|TIME)|LOCALTIME(STAMP)?)\b")

    assert [path for path, source in app_files() if keyword.search(source)] == []


def test_what_is_due_is_due_by_our_own_clock():
    """The database's may be minutes ahead or behind (decision 38)."""
    theirs = re.compile(
        r"\b(due_at|next_try_at|claimed_at|publish_at)(__\w+)?"
        r"( = models\..*db_default)?=Now\(\)"
    )

    assert [path for path, source in app_files() if theirs.search(source)] == []


def test_imports_go_down_only():
    files = dict(app_files())

    assert {path.split("/")[0] for path in files} == set(FLOORS)
    assert "campaigns/templatetags/campaigns.py" in files
    assert [v for path, source in files.items() for v in violations(path, source)] == []


@pytest.fixture(scope="session")
def imports():
    # What only type hints name is imported by nobody when the site runs.
    return grimp.build_graph(
        *FLOORS, cache_dir=None, exclude_type_checking_imports=True
    )


def test_without_tasks_no_module_needs_itself(imports):
    graph = {
        module: imports.find_modules_directly_imported_by(module)
        for module in imports.modules
        if not is_tasks(module)
    }

    assert len(graph) > 200
    TopologicalSorter(
        {module: filter(graph.get, known) for module, known in graph.items()}
    ).prepare()  # raises CycleError, with the circle


def test_a_circle_through_tasks_stays_in_one_subject(imports):
    """A model queues its tasks, and they find the model: these two may need each other,
    and nobody else takes part."""
    circles = [
        chain
        for tasks in filter(is_tasks, imports.modules)
        for module in imports.find_modules_that_directly_import(tasks)
        if (chain := imports.find_shortest_chain(tasks, module))
    ]

    assert len(circles) > 5
    assert [chain for chain in circles if len(subjects(chain)) > 1] == []


FOUND = """
import sys, django
django.setup()
print(*sys.modules)
"""
IS_FOUND_BY_DJANGO = re.compile(
    r"^@app\.task\b|^@admin\.register\b|^class \w+\(.*\bmodels\.Model\b", re.MULTILINE
)


def test_every_subjects_models_admin_and_tasks_are_found():
    loaded = subprocess.run(
        [sys.executable, "-c", FOUND], capture_output=True, text=True, check=True
    )
    modules = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path, source in app_files()
        if IS_FOUND_BY_DJANGO.search(source) and apps.is_installed(path.split("/")[0])
    }

    assert len(modules) > 50
    assert modules - set(loaded.stdout.split()) == set()


def test_neither_web_process_nor_worker_begins_with_what_few_of_them_need():
    """What sets a PDF takes 35 MB and a fifth of a second, all holidays take 11 MB."""
    script = "import sys, campaign_site.wsgi, campaign_site.urls; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    modules = set(loaded.stdout.split())
    assert "petitions.handover.archive" in modules
    late = {"typst", "fontTools", "holidays", "campaigns.pictures.rendering"}
    assert modules & late == set()


def test_tasks_have_names_of_their_own():
    """So that a module that is moved leaves no job behind."""
    ours = {
        task.name
        for task in queue.tasks.values()
        if task.func.__module__.split(".")[0] in FLOORS
    }

    assert len(ours) > 20
    assert [name for name in ours if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)] == []


def renamed_modules(path, source):
    """Modules of ours that this file gives another name, as sentences.

    The addresses of several rooms may need the views of each.
    """
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                is_ours = node.module and node.module.split(".")[0] in FLOORS
                is_view = path.endswith("urls.py") and name.name == "views"
                if name.asname and is_ours and name.name.islower() and not is_view:
                    yield f"{path} calls {name.name} {name.asname}"


def test_a_module_has_one_name():
    found = [found for file in app_files() for found in renamed_modules(*file)]

    assert found == []


def test_a_module_with_another_name_is_found():
    found = renamed_modules("a/b.py", "from outbox import mail as post")

    assert list(found) == ["a/b.py calls mail post"]
    assert not list(renamed_modules("a/urls.py", "from staff import views as staff"))
    assert not list(renamed_modules("a/b.py", "from os import path as p"))


MOST_METHODS, MOST_LINES = 30, 450
# Django and the queue look for these; a subject's own modules do the work.
LOOKED_FOR = re.compile(r"\w+/(models|admin|tasks)\.py|\w+/(models|admin)/__init__\.py")


def too_large(path, source):
    """What a reader cannot hold in mind in this file, as sentences."""
    lines = source.count("\n")
    if lines > MOST_LINES:
        yield f"{path} has {lines} lines: cut it where it names two things"
    for node in ast.walk(parsed(source)):
        methods = number_of_methods(node) if isinstance(node, ast.ClassDef) else 0
        if methods > MOST_METHODS:
            yield f"{path} {node.name} has {methods} methods: name the other noun"


def number_of_methods(node):
    return sum(
        isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in node.body
    )


def only_passes_on(path, source):
    """Whether this file holds imports alone, and nobody looks for it by its name."""
    body = [node for node in parsed(source).body if not is_said(node)]
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    return bool(body) and body == imports and not LOOKED_FOR.fullmatch(path)


def is_said(node):
    """A docstring, or __all__."""
    if isinstance(node, ast.Assign):
        return [getattr(name, "id", "") for name in node.targets] == ["__all__"]
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_a_class_or_a_file_is_small_enough_to_read():
    assert [found for file in app_files() for found in too_large(*file)] == []


def test_no_file_only_passes_on():
    assert [path for path, source in app_files() if only_passes_on(path, source)] == []


def test_what_is_too_large_or_passes_on_is_found():
    methods = "".join(f"    def m{number}(self): ...\n" for number in range(31))
    passing_on = '"""Names."""\nfrom a.b import C\n\n__all__ = ["C"]\n'

    assert len(list(too_large("a/b.py", f"class A:\n{methods}"))) == 1
    assert len(list(too_large("a/b.py", "\n" * 451))) == 1
    assert only_passes_on("a/b.py", passing_on)
    assert only_passes_on("a/b/models.py", passing_on)
    assert not only_passes_on("a/models.py", passing_on)
    assert not only_passes_on("a/b.py", passing_on + "\n\nD = C()\n")
    assert not only_passes_on("a/__init__.py", "")


def is_tasks(module):
    return module.endswith(".tasks")


def subjects(chain):
    """The folders of these modules; models beside their subject's tasks are in one."""
    return {module.rpartition(".")[0].removesuffix(".models") for module in chain}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("letters/writing/views.py", "from petitions.models import Signature"),
        ("letters/writing/views.py", "import comments.models"),
        ("campaigns/views.py", "from petitions import models"),
        ("supporters/models.py", "import letters"),
        ("safeguards/counters.py", "from pages.errors import error_page"),
        ("branding/models.py", "from reporting import charts"),
        ("campaign_editor/views.py", "from campaign_site import permissions"),
        ("safeguards/blocks.py", "models.ForeignKey('staff.User', SET_NULL)"),
        ("branding/views.py", "from campaigns.models import Campaign"),
        ("outbox/mail.py", "from staff.models import User"),
        ("staff/models.py", "from campaigns.models import Campaign"),
        ("versions/models.py", "from staff.models import User"),
        ("campaigns/templatetags/campaigns.py", "from letters import models"),
        (
            "campaigns/models.py",
            "def late():\n    from petitions.models import Petition",
        ),
        ("campaigns/models.py", "class A:\n  def b(self):\n    import supporters"),
        ("campaigns/models.py", "apps.get_model('petitions.Petition')"),
        ("campaigns/models.py", "get_model('petitions', 'Petition')"),
        ("campaigns/models.py", "apps.get_model(app_label='letters', model_name='X')"),
        ("campaigns/models.py", "models.ForeignKey('petitions.Petition', CASCADE)"),
        ("campaigns/models.py", "OneToOneField(to='letters.SuggestedLetter')"),
        ("supporters/models.py", "models.ManyToManyField('petitions.petition')"),
        ("campaigns/models.py", "importlib.import_module('petitions.models')"),
    ],
)
def test_a_planted_violation_is_found(path, source):
    assert len(violations(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("petitions/signing/views.py", "from campaigns.models import Campaign"),
        ("petitions/signing/models.py", "from petitions import tasks"),
        ("comments/models.py", "models.ForeignKey('self', CASCADE)"),
        ("supporters/models.py", "models.ForeignKey('campaigns.Campaign', CASCADE)"),
        ("campaigns/views.py", "render(request, 'petitions/petition.html')"),
        ("letters/models.py", "from . import placeholders"),
        ("campaigns/models.py", "models.ForeignKey(X, verbose_name='letters. More.')"),
    ],
)
def test_what_goes_down_is_allowed(path, source):
    assert violations(path, source) == []


def test_no_app_has_a_name_that_says_nothing():
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    modules = {path.split("/")[-1].removesuffix(".py") for path, _source in app_files()}

    assert set(FLOORS) <= packages
    assert not (packages | modules) & {"core", "common", "utils", "helpers", "services"}


def test_every_absolute_address_comes_from_the_settings():
    files = [*ROOT.glob("*.py"), *(file for app in FLOORS for file in app_sources(app))]
    users = [f.name for f in files if "build_absolute_uri" in f.read_text("utf-8")]

    assert len(files) > len(FLOORS)
    assert users == []


def app_sources(app):
    return (ROOT / app).rglob("*.py")
