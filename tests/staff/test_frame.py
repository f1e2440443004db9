"""What all pages of the staff have in common speaks the site's words, not Django's."""

import pytest
from django.apps import apps

from petitions.signing.models import Signature
from tests.factories import make_counted, make_petition, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    user = make_staff("root", is_superuser=True)
    client.force_login(user)
    return user


def test_a_part_of_the_site_has_its_plain_name(client, root):
    page = client.get("/admin/petitions/")

    assert page.context["title"] == "Petitions"
    assert "administration" not in page.text
    assert 'href="/admin/petitions/bundle/"' in page.text
    assert "Open campaigns" not in page.text  # that is the first page of the desk
    assert "Groups" not in client.get("/admin/advanced/").text


def test_every_page_has_the_menu_and_no_list_of_models_beside_it(client, root):
    petition = make_petition()
    pages = (
        *("inbox/held/", "advanced/", f"petitions/petition/{petition.pk}/pause/"),
        *(f"staff/user/{root.pk}/change/", f"staff/user/{root.pk}/history/"),
    )

    for path in pages:
        page = client.get(f"/admin/{path}")
        assert page.status_code == 200
        assert 'class="menu-tabs"' in page.text
        assert 'id="nav-sidebar"' not in page.text


def test_a_page_with_nothing_to_change_offers_no_button_to_save(client, root):
    make_counted(make_petition(), 1)
    signature = Signature.objects.get()

    page = client.get(f"/admin/petitions/signature/{signature.pk}/change/")

    assert page.context["title"] == "Signature"
    assert 'name="_save"' not in page.text
    assert 'name="_save"' in client.get(f"/admin/staff/user/{root.pk}/change/").text


def test_what_was_never_changed_says_so(client, root):
    page = client.get(f"/admin/staff/user/{root.pk}/history/")

    assert "Nobody has changed this here yet." in page.text


def test_an_administrator_gives_somebody_a_new_password(client, root):
    cy = make_staff("cy")
    page = client.get(f"/admin/staff/user/{cy.pk}/change/")
    at = f"/admin/staff/user/{cy.pk}/password/"
    assert at in page.text
    assert "pbkdf2" not in page.text
    assert '<li><a href="/admin/">To do</a></li>' in client.get(at).text

    differs = {"password1": "a new long one of Cy", "password2": "another one of Cy"}
    assert "errorlist" in client.post(at, differs).text
    client.post(at, dict.fromkeys(differs, differs["password1"]))

    cy.refresh_from_db()
    assert cy.check_password(differs["password1"])


def test_a_petition_offers_only_what_this_person_may_add(client):
    petition = make_petition()
    page = f"/admin/petitions/petition/{petition.pk}/change/"

    client.force_login(make_staff("cy", "Moderators"))
    seen = client.get(page).text
    assert "Make the files for officials" not in seen
    assert "Add names on paper" not in seen

    client.force_login(make_staff("bo", "Campaigners"))
    seen = client.get(page).text
    assert "Make the files for officials" in seen
    assert ("Add names on paper" in seen) == apps.is_installed("paper")
