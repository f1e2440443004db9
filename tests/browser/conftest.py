"""A real Chromium before the live server, with the real queue and real mail behind it.

Every tab is watched: script errors, refusals by the Content-Security-Policy, missing
files and requests to other hosts fail the test in which they happen.
"""

import os
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import expect

from tests.factories import make_staff

# Playwright's sync API runs an event loop in the thread of the tests, and Django
# takes that for asynchronous code. Nothing here is.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A good run needs a part of a second, and a machine that does other things more.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
# To start a browser takes seconds, so that not each process of tests has one.
BROWSERS = 2
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Tabs of one context share a process, and with it the scripts that it has read.
    "--process-per-site",
    "--renderer-process-limit=1",
    # Nothing is drawn by a GPU: a process of its own for it costs more than it saves.
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Give the tests of each file to one of the processes that start a browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            number = crc32(item.path.name.encode()) % BROWSERS
            item.add_marker(pytest.mark.xdist_group(f"browser {number}"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM")
    path = {"executable_path": chromium} if chromium else {}
    return {**browser_type_launch_args, **path, "args": FLAGS}


@pytest.fixture
def screen():
    """The screen in front of the visitor; tests parametrise it."""
    return DESKTOP


@pytest.fixture
def javascript():
    """Whether the visitor's browser runs scripts; tests parametrise it."""
    return True


@pytest.fixture
def browser_context_args(browser_context_args, screen, javascript, live_server):
    return {
        **browser_context_args,
        **screen,
        "java_script_enabled": javascript,
        "base_url": live_server.url,
        "locale": "en-GB",
        # Colours that are on their way from one theme to the other are not what
        # anybody reads.
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def here(settings, live_server):
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = [urlsplit(live_server.url).hostname]


@pytest.fixture
def staff(page):
    """A function that signs somebody of this group in."""

    def sign_in(username, group):
        make_staff(username, group)
        page.goto("/admin/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill("pw")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("To do")

    return sign_in


@pytest.fixture
def signed_in(context):
    """A function that gives the browser this user's session."""
    return partial(let_in, context)


def let_in(context, user):
    """Give the browser this user's session, without the login page."""
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": settings.SITE_URL}])


@pytest.fixture
def cy(signed_in):
    """The browser is that of Cy, who moderates."""
    signed_in(make_staff("cy", "Moderators"))


@pytest.fixture
def tolerated():
    """Beginnings of console messages that a test expects, each with its reason."""
    return []


@pytest.fixture
def faults():
    """What was wrong so far, as sentences; the test fails unless it ends empty."""
    return []


@pytest.fixture(scope="session")
def kept(browser, live_server, django_db_setup):
    """The browser's contexts, by their settings: tests take one after the other."""
    with contexts_of(browser) as context_with:
        yield context_with


@contextmanager
def contexts_of(browser):
    """A function that returns the context with these settings, made when it is new."""
    made = {}

    def context_with(settings):
        key = repr(settings)
        if key not in made:
            made[key] = browser.new_context(**settings)
            made[key].set_default_timeout(PATIENCE)
            made[key].new_page().goto("/robots.txt")
        return made[key]

    yield context_with
    for context in made.values():
        context.close()


@pytest.fixture(autouse=True)
def answered(live_server):
    """What a page still asks for is answered before the tables are emptied."""
    changed, running, here = threading.Condition(), set(), threading.get_ident()

    def on_start(**_signal):
        running.add(threading.get_ident())

    def on_end(**_signal):
        with changed:
            running.discard(threading.get_ident())
            changed.notify_all()

    request_started.connect(on_start)
    request_finished.connect(on_end)
    yield
    with changed:
        assert changed.wait_for(lambda: running <= {here}, timeout=60)
    request_started.disconnect(on_start)
    request_finished.disconnect(on_end)


@pytest.fixture
def context(kept, browser_context_args, live_server, faults, tolerated):
    """A visitor's first visit: a tab of their own, no cookie, nothing stored.

    One tab stays open beside it, and with it the process that has read our scripts.
    """
    context = kept(browser_context_args)
    stop_watching = watch(context, urlsplit(live_server.url).netloc, faults)
    yield context
    stop_watching()
    first, *pages = context.pages
    for page in pages:
        page.close()
    context.set_offline(False)
    context.clear_permissions()
    context.clear_cookies()
    devtools = context.new_cdp_session(first)
    everything = {"origin": live_server.url, "storageTypes": "all"}
    devtools.send("Storage.clearDataForOrigin", everything)
    devtools.detach()
    assert [f for f in faults if not f.startswith(tuple(tolerated))] == []


def watch(context, host, faults):
    """Note what no visitor's browser should have to say about our pages; returns what
    ends it."""

    def on_console(message):
        # A page that is itself a 404 or 422 is no fault; on_response sees the rest.
        is_status = message.text.startswith("Failed to load resource")
        if message.type == "error" and not is_status:
            faults.append(message.text)

    def on_request(request):
        address = urlsplit(request.url)
        if address.scheme.startswith("http") and address.netloc != host:
            faults.append(f"asked another host: {request.url}")

    def on_response(response):
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            faults.append(f"{response.status}: {response.url}")

    def on_error(error):
        faults.append(f"script: {error.error}")

    listeners = {
        "console": on_console,
        "weberror": on_error,
        "request": on_request,
        "response": on_response,
    }
    for event, listener in listeners.items():
        context.on(event, listener)

    def stop():
        for event, listener in listeners.items():
            context.remove_listener(event, listener)

    return stop
