"""What a validator of HTML finds on the pages of staff, as rules over all of them."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps

from tests.factories import make_staff
from tests.hostile.generator import routes

pytestmark = pytest.mark.django_db
PAGES = sorted({route for route in routes() if route.startswith("admin/")})
# Attributes that name elements of the same page.
NAMING = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")
OF_TEXT = ("maxlength", "minlength", "placeholder", "readonly")


class Faults(HTMLParser):
    """The faults of a page, each as a line that says where."""

    def __init__(self, page):
        super().__init__()
        self.found, self.ids, self.named, self.is_first = set(), [], [], ""
        self.feed(page)
        twice = {one for one in self.ids if self.ids.count(one) > 1}
        self.found |= {f"several have the id {one}" for one in twice}
        self.found |= {
            f"{where} names {one}, which is nowhere"
            for where, one in self.named
            if one not in self.ids
        }

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        kind, name = given.get("type"), given.get("name") or given.get("id", "")
        where = f"<{tag} {name}>"
        if len(given) < len(attributes):
            self.found.add(f"{where} has an attribute twice")
        if "id" in given:
            self.ids.append(given["id"])
        for naming in NAMING:
            self.named += [(where, one) for one in given.get(naming, "").split()]
        if tag == "input" and kind == "hidden":
            said = [
                one for one in given if one.startswith("aria-") or one == "required"
            ]
            self.found |= {f"{where} is hidden and has {one}" for one in said}
        if tag == "input" and kind in ("checkbox", "radio", "file"):
            said = [one for one in OF_TEXT if one in given]
            self.found |= {f"{where} has {one}, which is for text" for one in said}
        if tag == "img" and "alt" not in given:
            self.found.add(f"{where} has no words")
        self._look_at_choices(tag, given, where)

    def _look_at_choices(self, tag, given, where):
        """A select that is required and not of several begins with an empty choice."""
        if tag == "select":
            is_required = "required" in given and "multiple" not in given
            self.is_first = where if is_required else ""
        elif tag in ("option", "optgroup") and self.is_first:
            if given.get("value", "something"):
                self.found.add(f"{self.is_first} is required and begins with a choice")
            self.is_first = ""


def addresses_of(route, known):
    """Of this route with the rows that are there: by its arguments, or by its model."""
    parts = route.split("/")
    own = []
    if [each.label for each in apps.get_app_configs() if each.label == parts[1]]:
        model = apps.all_models[parts[1]].get(parts[2])
        own = (
            list(model._base_manager.values_list("pk", flat=True)[:1]) if model else []
        )
    for number in range(2):

        def filled(argument, number=number):
            given = known.get(argument[1]) or ["1"]
            keys = own if argument[1] in ("pk", "object_id") and number == 0 else []
            return str([*keys, *given][min(number, len(keys + given) - 1)])

        yield "/" + re.sub(r"<(\w+)>", filled, route)


def test_a_validator_finds_nothing_on_the_pages_of_staff(client, known, subtests):
    client.force_login(make_staff("vi", is_superuser=True))
    seen = 0

    for route in PAGES:
        for address in dict.fromkeys(addresses_of(route, known)):
            if "logout" in address:
                continue
            page = client.get(address)
            if page.status_code == 200 and not page.streaming:
                seen += 1
                with subtests.test(address=address):
                    assert Faults(page.text).found == set()

    assert seen > 100


def test_the_faults_that_were_there_are_found():
    page = """<p id="a"></p><p id="a"></p><label for="b"></label>
        <input type="hidden" name="x" aria-describedby="a">
        <select name="s" required><option value="1">One</option></select>
        <input type="checkbox" name="c" maxlength="3"><img src="/x">"""

    assert Faults(page).found == {
        "several have the id a",
        "<label > names b, which is nowhere",
        "<input x> is hidden and has aria-describedby",
        "<select s> is required and begins with a choice",
        "<input c> has maxlength, which is for text",
        "<img > has no words",
    }
