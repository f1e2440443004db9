"""Every address of the site, with whatever a generator makes up."""

import re
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.factories import make_staff
from tests.hostile import undone
from tests.hostile.generator import ARGUMENT, assert_holds, look_at, routes
from tests.test_architecture import app_files

pytestmark = pytest.mark.django_db
ROUTES = sorted(set(routes()))
OF_STAFF = [route for route in ROUTES if route.startswith("admin/")]
UPLOADS = [
    "admin/branding/branding/<object_id>/change/",
    *(
        ["admin/wordpress/wordpressimport/add/"]
        if "wordpress" in settings.ROOMS
        else []
    ),
    "admin/campaigns/update/add/",
    "admin/campaigns/update/<object_id>/change/",
    "admin/letters/recipientlist/<pk>/import/",
    "admin/editor/campaigns/<pk>/",
    "admin/editor/campaigns/<pk>/preview/",
    "admin/editor/campaigns/new/",
    *(
        ["admin/translations/<pk>/<language>/po/"]
        if "volunteers" in settings.ROOMS
        else []
    ),
    *(
        f"admin/paper/paperbatch/{page}/"
        for page in ("add", "<object_id>/change", "<pk>/import")
        if "paper" in settings.ROOMS
    ),
]
PUBLIC = [route for route in ROUTES if not route.startswith(("admin/", "development/"))]


@pytest.fixture(autouse=True)
def one_connection():
    """Requests of one test are one transaction, which the end of each would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_route_is_looked_at():
    assert {"<slug>/signatures/", "media/pictures/<name>/<file>"} <= set(PUBLIC)
    assert {"admin/account/login/", "admin/campaigns/update/add/"} <= set(OF_STAFF)
    assert len(PUBLIC) > 50
    assert len(OF_STAFF) > 100


def test_a_visitor_breaks_nothing(known, subtests):
    for route in PUBLIC:
        with subtests.test(route=route):
            look_at([route], known, 3)


@pytest.fixture
def signed_in(client, settings):
    """The headers of a superuser's browser on one of our pages."""
    settings.STAFF_MFA = "offered"
    client.force_login(make_staff("root", is_superuser=True))
    session, token = client.cookies["sessionid"].value, "a" * 32
    return {
        "HTTP_COOKIE": f"sessionid={session}; csrftoken={token}",
        "HTTP_X_CSRFTOKEN": token,
    }


def test_staff_break_nothing(signed_in, known, subtests):
    uploads = [([route], 5) for route in UPLOADS]
    for addresses, number in [(OF_STAFF, 50), *uploads]:
        with subtests.test(addresses=addresses[:1]):
            look_at(addresses, known, number, **signed_in)


def test_every_upload_is_looked_at():
    takes_files = re.compile(r"(?<!class )\b(PendingUpload|File|Image)Field\(")

    assert {path for path, source in app_files() if takes_files.search(source)} == {
        "reporting/sheets.py",
        "campaigns/admin.py",
        "campaign_site/branding_form.py",
        "campaign_editor/campaign_part.py",
        "campaign_editor/picture_rows.py",
        "wordpress/admin.py",
        "paper/batch_forms.py",
        "volunteers/po.py",
    }
    assert set(OF_STAFF) >= set(UPLOADS)


# What an address may be asked for by its query, with what it does not have.
QUERIES = [
    {},
    {"format": "xml", "url": "http://testserver/campaign-1/"},
    {"format": "xml"},
    {"format": "\x00", "callback": "alert", "fields": "*"},
    {"page": "-1", "after": "9" * 30, "since": "2026-13-45T99:99", "limit": "٣"},
    {"o": "-1.99", "q": "\x00", "p": "9" * 30, "cursor": "../", "lang": "xx"},
    {"again": ["1", "2"], "signed": "", "asked": "1", "url": "http://["},
]
ACCEPTS = ["", "application/xml", "*/*;q=x", "text/html;level=x," * 200, "\xff"]
# No view tells one that changes something from another (DELETE, PATCH, TRACE).
METHODS = ["HEAD", "OPTIONS", "PUT", "ODD"]


def test_no_odd_query_kind_or_method_is_a_fault_of_ours(known, subtests):
    """The log has no ERROR afterwards, as the fixture `quiet` looks (conftest.py)."""
    for route in PUBLIC:
        path = "/" + ARGUMENT.sub(lambda name: known.get(name[1], ["1"])[0], route)
        with subtests.test(path=path):
            for number, query in enumerate(QUERIES):
                accept = ACCEPTS[number % len(ACCEPTS)]
                asked = {"QUERY_STRING": urlencode(query, doseq=True)}
                assert_holds(plain(path, HTTP_ACCEPT=accept, **asked))
            for method in METHODS:
                with undone():
                    assert_holds(plain(path, REQUEST_METHOD=method))


def plain(path, **others):
    environ = {"PATH_INFO": path, "HTTP_HOST": "testserver", **others}
    setup_testing_defaults(environ)
    return environ
