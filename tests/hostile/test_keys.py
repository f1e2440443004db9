"""Keys that are none, wherever staff send one: rows, fields, filters, addresses."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.factories import make_staff
from tests.hostile import undone
from tests.hostile.generator import ARGUMENT
from tests.hostile.test_every_address import OF_STAFF, one_connection

__all__ = ["one_connection"]  # a fixture
pytestmark = pytest.mark.django_db
NO_KEYS = ["x", "9" * 30, "\x00"]
HOWS = ["__startswith", "__gt", "", "__regex"]
# What ends the session in which the walk goes on.
ENDS = ("logout", "password", "sessions", "second-factor", "login", "passkey", "code")
ROUTES = [route for route in OF_STAFF if not any(word in route for word in ENDS)]


@pytest.fixture
def client(known, settings):
    """A superuser's browser; what there is to be found, others have made."""
    settings.STAFF_MFA = "offered"
    client = Client(raise_request_exception=False)
    client.force_login(make_staff("root", is_superuser=True, email="root@x.example"))
    return client


def test_a_key_that_is_none_chooses_no_row(client, subtests):
    for model, its_admin in admin.site._registry.items():
        label = model._meta.label_lower.replace(".", "_")
        path = reverse(f"admin:{label}_changelist")
        for action in its_admin.actions or ():
            name = getattr(action, "__name__", action)
            for key in NO_KEYS:
                with subtests.test(path=path, action=name, key=key), undone():
                    sent = {"action": name, "_selected_action": key}
                    answer = client.post(path, sent)
                    assert answer.status_code in (200, 302), answer.exc_info


def test_no_filter_tells_a_key_that_no_page_shows(client, subtests):
    """?withdrawal_key__startswith=a: who may only look would read it by its letters."""
    texts = (models.CharField, models.TextField, models.BinaryField)
    asked = []
    for model, its_admin in admin.site._registry.items():
        label = model._meta.label_lower.replace(".", "_")
        path = reverse(f"admin:{label}_changelist")
        shown = {*its_admin.list_display, *its_admin.list_filter}
        for field in model._meta.fields:
            is_secret = isinstance(field, texts) and not field.editable
            if is_secret and field.name not in shown:
                asked.append(f"{label}.{field.name}")
                for how in HOWS:
                    with subtests.test(field=asked[-1], how=how):
                        answer = client.get(path, {field.name + how: "a"})
                        assert answer.status_code in (302, 400)
    keys = {"petitions_signature.withdrawal_key", "supporters_follow.key"}
    assert keys <= {*asked}


class Page(HTMLParser):
    """Of a page: its forms with what a browser would send, and what its links ask."""

    def __init__(self, answer):
        super().__init__()
        self.forms, self.asked, self.form, self.select = [], {}, None, None
        self.feed(answer.text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value, kind = (found.get(n) for n in ("name", "value", "type"))
        if tag == "a":
            self._ask(urlsplit(found.get("href") or ""))
        elif tag == "form":
            method = (found.get("method") or "get").lower()
            self.form = {"method": method, "path": found.get("action") or ""}
            self.form |= {"fields": {}, "keys": set(), "buttons": [None]}
            self.forms.append(self.form)
        elif tag == "option" and self.select and "selected" in found:
            self.form["fields"][self.select] = value or ""
        elif self.form is None or not name or name == "csrfmiddlewaretoken":
            return
        elif tag == "button" or kind == "submit":
            self.form["buttons"].append((name, value or ""))
        elif tag in ("input", "select", "textarea"):
            self.form["fields"].setdefault(name, value or "")
            self.select = name if tag == "select" else None
            is_key = tag == "select" or kind in ("hidden", "radio", "checkbox")
            if is_key and not name.endswith("_FORMS"):
                self.form["keys"].add(name)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = self.select = None

    def _ask(self, address):
        if address.query and not address.scheme:
            names = self.asked.setdefault(address.path, set())
            names.update(parse_qs(address.query, keep_blank_values=True))

    @property
    def requests(self):
        """Method, path, what is sent, and which of it are keys."""
        for form in self.forms:
            for button in form["buttons"]:
                sent = form["fields"] | dict([button] if button else [])
                keys = form["keys"] - ({button[0]} if button else set())
                yield form["method"], form["path"], sent, keys
        for path, names in self.asked.items():
            for name in names:
                yield "get", path, {}, {name}


def test_a_key_that_is_none_in_a_form_or_a_filter_gets_a_clear_page(
    client, known, subtests
):
    done = set()
    for route in ROUTES:
        path = "/" + ARGUMENT.sub(lambda found: known.get(found[1], ["1"])[0], route)
        opened = client.get(path)
        if opened.status_code != 200 or "html" not in opened["Content-Type"]:
            continue
        for method, address, good, keys in Page(opened).requests:
            to = urlsplit(address).path or path
            mark = (method, to, *sorted(good), "-", *sorted(keys))
            if not keys or mark in done or not to.startswith("/admin/"):
                continue
            done.add(mark)
            # A form looks at what is typed; a filter hands it to the database.
            sent = good | dict.fromkeys(keys, "x" if method == "post" else "\x00")
            with subtests.test(to=to, keys=sorted(keys)), undone():
                answer = (
                    client.get(f"{to}?{urlencode(sent)}")
                    if method == "get"
                    else client.post(to, sent)
                )
                assert answer.status_code < 500, answer.exc_info


def test_an_address_with_a_key_that_is_none_leads_nowhere(client, subtests):
    for route in ROUTES:
        if "<" in route:
            path = "/" + ARGUMENT.sub("9" * 30, route)
            with subtests.test(path=path), undone():
                for ask in (client.get, client.post):
                    answer = ask(path)
                    assert answer.status_code < 500, answer.exc_info
