"""Django's own pages and messages speak in the words of our style sheet."""

from pathlib import Path

import allauth
import django
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.factories import make_staff
from tests.test_architecture import ROOT

OURS = ROOT / "locale/framework/en/LC_MESSAGES"
domains = pytest.mark.parametrize("domain", ["django", "djangojs"])


def read(path, how=read_po):
    """What a catalog says, by its key and context."""
    with path.open("rb") as file:
        found = [m for m in how(file) if m.id]
    return {(_in_one(m.id), m.context): _in_one(m.string) for m in found}


def _in_one(forms):
    """A text with its plural, which .mo files give as a list, as one value."""
    return forms if isinstance(forms, str) else tuple(forms)


@domains
def test_what_is_read_is_what_was_written(domain):
    assert read(OURS / f"{domain}.mo", read_mo) == read(OURS / f"{domain}.po")


@domains
def test_each_of_our_words_stands_in_the_place_of_one_of_theirs(domain):
    theirs = set()
    for package in (django, allauth):
        root = Path(package.__file__).parent
        for path in root.rglob(f"locale/en/LC_MESSAGES/{domain}.po"):
            theirs |= read(path).keys()

    assert read(OURS / f"{domain}.po").keys() <= theirs


@pytest.mark.django_db
def test_the_pages_of_staff_say_it_in_our_words(client):
    root = make_staff("root", is_superuser=True)
    client.force_login(root)

    def page(path):
        return client.get(f"/admin/{path}").text

    assert "History: root" in page(f"staff/user/{root.pk}/history/")
    assert "Reverse the order" in page("staff/user/?o=1")
    assert "No, keep everything" in page(f"staff/user/{make_staff('cy').pk}/delete/")
    assert "Do not use only digits." in page("account/password/")
    assert "Type here to find some of the available" in page("jsi18n/")
    wrong = {"password1": "12345", "password2": "1234"}
    said = client.post(f"/admin/staff/user/{root.pk}/password/", wrong).text
    assert "The passwords are not the same." in said
