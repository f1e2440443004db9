"""Staff see every mail beforehand; none has a hole where a value should stand."""

import pytest
from django.template import engines

from outbox import samples
from outbox.purposes import title_of_text
from tests.factories import make_staff
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
TEMPLATES = sorted(
    path.stem
    for path in (ROOT / "templates/emails").glob("*.txt")
    if path.stem != "base" and not path.stem.startswith("_")
)


@pytest.fixture
def cy(client):
    client.force_login(make_staff("cy", "Moderators"))
    return client


@pytest.fixture
def holes(monkeypatch):
    """A variable that a template reads and nobody gives shows as a hole."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "[HOLE %s]")


def test_every_mail_has_a_preview_that_says_to_whom_it_goes(cy):
    names = samples.names()

    page = cy.get("/admin/mail-samples/").text

    assert sorted(names) == TEMPLATES
    assert [name for name in names if title_of_text(name) == name] == []
    assert all(names.values())
    assert not [name for name in names if f">{name}<" in page]
    assert all(f'href="/admin/mail-samples/{name}/"' in page for name in names)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_mail_is_whole_in_text_and_html(cy, holes, name):
    page = cy.get(f"/admin/mail-samples/{name}/")
    html = cy.get(f"/admin/mail-samples/{name}/html/")

    assert page.status_code == html.status_code == 200
    assert "Auto-Submitted" in page.text
    assert "HOLE" not in page.text.split('class="mail-text"')[1].split("</pre>")[0]
    assert "HOLE" not in html.text
    assert '<div class="sheet">' in html.text
    assert "<img" not in html.text
    assert html["Content-Security-Policy"].startswith("default-src 'none'")


def test_only_staff_see_them_and_an_unknown_one_is_not_found(client, cy):
    assert cy.get("/admin/mail-samples/nothing/").status_code == 404
    client.logout()
    assert client.get("/admin/mail-samples/confirm_signature/").status_code == 302
