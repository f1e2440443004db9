"""Staff see every mail beforehand; none has a hole where a value should stand."""

import re
from html import unescape

import pytest
from django.template import engines

from branding.site import the_site
from outbox import samples
from tests.factories import make_staff
from tests.rooms import MAILS_LEFT_OUT
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
TEMPLATES = sorted(
    path.stem
    for path in (ROOT / "templates/emails").glob("*.txt")
    if path.stem not in {"base", *MAILS_LEFT_OUT} and not path.stem.startswith("_")
)

# What a mail says of its reason: what its reader did, asked for, or is here.
WHY = r"You (get this|follow|have asked|asked|commented|signed|wrote|sent)"


@pytest.fixture
def cy(client):
    client.force_login(make_staff("cy", "Moderators"))
    return client


@pytest.fixture
def holes(monkeypatch):
    """A variable that a template reads and nobody gives shows as a hole."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "[HOLE %s]")


def test_every_mail_has_a_preview_with_its_title(cy):
    names = samples.names()

    page = cy.get("/admin/mail-samples/").text

    assert sorted(names) == TEMPLATES
    assert [name for name, title in names.items() if title in (name, "")] == []
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
    assert '<div class="sheet"' in html.text
    assert "<img" not in html.text
    assert html["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_mail_has_a_telling_subject_one_button_and_the_same_links_twice(name):
    assert name in samples.names()
    message = samples.write(name, "en")
    [(html, _kind)] = message.alternatives
    in_html = {unescape(url) for url in re.findall(r'href="(http[^"]+)"', html)}
    in_text = set(re.findall(r"http[^\s>]+", message.body))

    assert len(message.subject) <= 60
    assert not message.subject.startswith(the_site().name)
    assert not message.subject.endswith(".")
    assert html.count('class="button"') <= 1
    # The title of an update's campaign is a link in HTML alone.
    assert in_html - in_text <= {samples.link("")}
    assert in_text <= in_html


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_mail_that_can_be_stopped_says_why_one_gets_it(name):
    assert name in samples.names()
    message = samples.write(name, "en")
    [(html, _kind)] = message.alternatives

    if "List-Unsubscribe" in message.extra_headers:
        for text in (message.body, unescape(html)):
            assert re.search(WHY, text)


def test_only_staff_see_them_and_an_unknown_one_is_not_found(client, cy):
    assert cy.get("/admin/mail-samples/nothing/").status_code == 404
    client.logout()
    assert client.get("/admin/mail-samples/confirm_signature/").status_code == 302
