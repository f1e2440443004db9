"""The floors of architecture.md, and the words that our code and templates avoid."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "safeguards": -1,
    "campaign_site": 0,
    "staff": 0,
    "versions": 0,
    "campaigns": 1,
    "supporters": 2,
    "petitions": 3,
    "letters": 3,
    "comments": 3,
    "organising": 4,
}
# The top of the house, which puts the apps together, and what is made by a tool.
SEES_ALL = re.compile(
    r"campaign_site/(settings|urls|admin)\.py"
    r"|campaign_site/management/.*"
    r"|\w+/migrations/.*"
)
MODEL_NAME = re.compile(r"(\w+)\.[A-Z]\w*|(\w+)\.[a-z]\w*")
KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def violations(path, source):
    """Imports and names of models in this file that do not go down, as sentences."""
    own = path.split("/")[0]
    tree = ast.parse(source)
    return [
        f"{path}:{line} {own} must not know {app}"
        for line, app in sorted(apps_known_to(tree))
        if app in FLOORS and app != own and not is_below(app, own)
    ]


def is_below(app, own):
    # What every app stands on is below these, too, though all are on the ground.
    stands_on_it = app == "campaign_site" and own in ("staff", "versions")
    return FLOORS[app] < FLOORS[own] or stands_on_it


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
            if not SEES_ALL.fullmatch(path):
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


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("letters/views.py", "from petitions.models import Signature"),
        ("letters/views.py", "import comments.models"),
        ("campaigns/views.py", "from petitions import models"),
        ("supporters/models.py", "import letters"),
        ("safeguards/counters.py", "from campaign_site.errors import error_page"),
        ("safeguards/blocks.py", "models.ForeignKey('staff.User', SET_NULL)"),
        ("campaign_site/pages.py", "from campaigns.models import Campaign"),
        ("campaign_site/mail.py", "from staff.models import User"),
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
        ("petitions/views.py", "from campaigns.models import Campaign"),
        ("petitions/models/signature.py", "from petitions import tasks"),
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
