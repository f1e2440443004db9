"""What a page loads, as production serves it: few files, which never change."""

import re
from urllib.parse import urljoin

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from campaign_site.static_files import HashedStaticFiles, with_imports
from tests.factories import make_letter, make_petition
from tests.test_architecture import ROOT

CSS = ROOT / "static/css"
LINK = re.compile(r'rel="stylesheet" href="([^"]+)"')
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture
def production(settings, tmp_path, monkeypatch):
    """Static files are collected, and only those are served.

    They are not compressed, which takes 15 s of CPU; bin/check does that.
    """
    monkeypatch.setattr(HashedStaticFiles, "compress_files", lambda self, paths: ())
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "campaign_site.static_files.HashedStaticFiles"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.mark.django_db
def test_a_page_has_one_stylesheet_and_one_module(client, production):
    make_letter(make_petition().campaign)

    for address in ("/", "/campaign-1/", "/campaign-1/letter/", "/mine/", "/nowhere/"):
        page = client.get(address).text
        found = STATIC.findall(page)
        assert [a for a in found if a.endswith(".css")] == LINK.findall(page)
        assert len(LINK.findall(page)) == 1
        assert len([a for a in found if a.endswith(".js")]) == 1
        assert all(map(HASHED.search, found)), found


@pytest.mark.django_db
def test_all_that_a_page_loads_is_there_and_may_be_kept_for_ever(client, production):
    make_letter(make_petition().campaign)
    addresses = STATIC.findall(client.get("/campaign-1/").text)
    [sheet] = [a for a in addresses if a.endswith(".css")]
    [module] = [a for a in addresses if a.endswith(".js")]
    rules, script = (b"".join(client.get(a)).decode() for a in (sheet, module))

    named = re.findall(r'url\("([^"]+)"\)', rules)
    addresses += [urljoin(sheet, each) for each in named]
    answers = [client.get(address) for address in addresses]

    assert "@font-face" in rules
    assert "@import" not in rules
    assert not re.search(r"^(import|export)\b", script, re.M)
    assert len(named) == 2
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert all("immutable" in answer["Cache-Control"] for answer in answers)
    for answer in answers:
        answer.close()


@pytest.mark.django_db
def test_development_serves_them_whole_as_well(client, settings):
    assert settings.DEVELOPMENT

    for address in ("/static/css/site.css", "/static/js/main.js"):
        answer = client.get(address)
        text = b"".join(answer).decode()
        answer.close()
        assert ".button" in text or "customElements" in text
        assert not re.search(r"^(@import|import|export)\b", text, re.M)


def test_the_stylesheet_has_every_file_or_a_page_links_it():
    imported = re.findall(r'@import url\("(.+)"\);', (CSS / "site.css").read_text())
    templates = "".join(p.read_text() for p in ROOT.glob("templates/**/*.html"))
    linked = re.findall(r'{% static "css/(.+?)" %}', templates)

    files = [f"components/{path.name}" for path in (CSS / "components").iterdir()]

    assert sorted(set(files) - set(imported)) == sorted(set(files) & set(linked))
    assert len(set(imported)) == len(imported)


@pytest.mark.parametrize(
    ("imported", "why"),
    [
        ("const mark = 2\n", "two things of the name mark"),
        ('import * as other from "./other.js"\n', "of elements/a.js: import * as"),
        ('import { b as c } from "./b.js"\n', "of elements/a.js: import { b as c }"),
        ('import { b } from "./b.js"\n', "elements/a.js imports elements/b.js, which"),
        ("export default 3\n", "cannot hold this line of elements/a.js: export"),
        ("export const { q } = document\n", "of elements/a.js: const { q } = doc"),
        ("const [q] = document\n", "of elements/a.js: const [q]"),
        ("let q, mark\n", "of elements/a.js: let q, mark"),
        ("var mark = 2\n", "two things of the name mark"),
        ("function* mark() {}\n", "two things of the name mark"),
        ('const address = "url(x.png)"\n', "an address that is wrong"),
    ],
)
def test_what_cannot_stand_in_one_file_is_refused(tmp_path, imported, why):
    (tmp_path / "elements").mkdir()
    (tmp_path / "main.js").write_text(
        'import { mark } from "./elements/a.js"\nconst mark = 1\n'
    )
    (tmp_path / "elements/a.js").write_text(imported)
    storage = FileSystemStorage(tmp_path)

    with pytest.raises(ValueError, match=re.escape(why)):
        with_imports("main.js", {n: (storage, n) for n in ("main.js", "elements/a.js")})


def test_no_statement_goes_on_in_the_next_file(tmp_path):
    """A line that begins with a bracket goes on with the one before it."""
    (tmp_path / "main.js").write_text('import "./a.js"\nimport "./b.js"\n[1].map(go)')
    (tmp_path / "a.js").write_text("const a = go")
    (tmp_path / "b.js").write_text("// Runs at once.\n(() => {})()\n")
    storage = FileSystemStorage(tmp_path)
    names = ("main.js", "a.js", "b.js")

    lines = with_imports("main.js", {n: (storage, n) for n in names}).split()

    assert "".join(lines) == "consta=go;//Runsatonce.(()=>{})();[1].map(go);"
