"""Opening the mailed link confirms in the browser that sent the form, and nowhere else.

Mail scanners, previews and prerendering open every link, some of them with scripts.
"""

import json
from contextlib import contextmanager
from functools import partial
from itertools import batched
from threading import Condition, Event
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from django.test import Client
from django.urls import resolve
from django.utils.translation import get_language_from_path, override
from playwright.sync_api import expect

from outbox import samples
from petitions.models import Signature
from tests.browser.visitor import (
    heading,
    make_petition_with_letter,
    open_mail,
    sign,
    without_javascript,
)
from tests.every_mail import have_every_mail_sent, kinds_written
from tests.factories import make_petition, prove
from tests.hostile.mailed_keys import KEYS
from tests.hostile.test_mailed_keys import links
from tests.supporters.markers import dump

# How a browser tells a page that nobody sees it yet, and then that somebody does.
NOT_SEEN = {
    "prerendered": ("prerendering", "true", "false", "prerenderingchange"),
    "in the background": (
        "visibilityState",
        '"hidden"',
        '"visible"',
        "visibilitychange",
    ),
}
# The kinds of keys that stand in links of mails. KEYS is compared with all addresses of
# the site, and with all links in the texts of mails, in tests/hostile.
MAILED = {kind for kind, key in KEYS.items() if key.mailed_as - {"code"}}
# What a visit leaves: page views, how often a network asks for pages, and a session
# with the key by which staff choose a new password.
OF_VISITS = ("campaigns_pageviews", "safeguards_count", "django_session")


@pytest.fixture
def scanner(browser, browser_context_args):
    """Another browser with scripts, in the same network as everybody in the tests."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


@pytest.fixture
def links_of_every_mail(mailbox, work, settings):
    """A function that has every mail sent, and returns the paths to which they lead."""
    settings.MAILS_A_MINUTE = 10**6
    settings.LANGUAGES = [("en", "English"), ("ko", "한국어")]

    def links_of_every_mail():
        with kinds_written() as kinds:
            have_every_mail_sent(work)
        assert kinds == set(samples.names())
        paths = {path for mail in mailbox.messages for path in links(mail)}
        mailed = {view_of(urlsplit(path).path) for path in paths}
        assert {kind for kind, key in KEYS.items() if key.addresses & mailed} == MAILED
        return sorted(paths)

    return links_of_every_mail


def view_of(path):
    """The name of what answers at this path, in whatever language it is."""
    with override(get_language_from_path(path) or "en"):
        return resolve(path).view_name


def is_counted():
    return Signature.objects.counted().exists()


def stored():
    return {
        table: data for table, data in dump().items() if not table.startswith(OF_VISITS)
    }


def test_the_browser_that_sent_the_form_confirms_by_opening_the_link(
    page, mailbox, work
):
    make_petition_with_letter()
    sign(page)
    work()

    tab = open_mail(page, mailbox, is_elsewhere=False)
    tab.get_by_role("link", name="Open the page to confirm").click()

    expect(heading(tab)).to_have_text("Thank you, Ada Lovelace. 1 person has signed.")
    names = [cookie["name"] for cookie in page.context.cookies()]
    assert names == ["supporter"]


@without_javascript
def test_without_scripts_there_is_the_button(page, mailbox, work):
    make_petition_with_letter()
    sign(page)
    work()

    tab = open_mail(page, mailbox, is_elsewhere=False)
    tab.get_by_role("link", name="Open the page to confirm").click()
    expect(heading(tab)).to_have_text("Is this your signature?")
    tab.keyboard.press("Tab")
    tab.get_by_role("button", name="Yes, count my signature").press("Enter")

    expect(heading(tab)).to_contain_text("Thank you, Ada Lovelace.")


def test_nothing_changes_where_every_link_is_opened_by_itself(
    page, links_of_every_mail, scanner, settings, tolerated
):
    """By a scanner with scripts, and by a known browser that looks ahead at pages.

    The scanner shares the network of the visitor, and has no cookie. The browser has
    the cookie of the form and that of its owner, who has pressed nothing.
    """
    make_petition()
    sign(page)
    paths = links_of_every_mail()
    tolerated.append("410: ")  # links of things that are over by now
    signature = Signature.objects.filter(name="Ada Lovelace").first()
    known = Client()
    prove(known, signature)
    cookie = known.cookies["supporter"].value
    page.context.add_cookies(
        [{"name": "supporter", "value": cookie, "url": settings.SITE_URL}]
    )
    before, looks = stored(), Looks()

    for path in paths:
        scanner.goto(path)
        expect(scanner.locator("confirm-by-itself")).to_have_count(0)
    scanner.wait_for_load_state("networkidle")
    # What is fetched ahead comes with the cookies, and no script of it runs.
    host = urlsplit(settings.SITE_URL).netloc
    fetcher = Client(headers={"host": host, "sec-purpose": "prefetch"})
    for known_cookie in page.context.cookies():
        fetcher.cookies[known_cookie["name"]] = known_cookie["value"]
    for path in paths:
        assert fetcher.get(path).status_code in (200, 302, 410)
    with looks.noted():
        for those in batched(paths, MOST_AT_ONCE):
            looks.ahead(page, those)

    after = stored()
    assert {table for table in before if after[table] != before[table]} == set()


def test_a_browser_that_prerenders_the_link_confirms_nothing(page, mailbox, work):
    make_petition_with_letter()
    sign(page)
    work()
    link = mailbox.path_to("confirmation")
    rules = json.dumps({"prerender": [{"urls": [link], "eagerness": "immediate"}]})
    body = f"<a href={link}>Go</a><script type=speculationrules>{rules}</script>"
    answer = {"body": body, "content_type": "text/html"}
    page.route("**/webmail/", lambda route: route.fulfill(**answer))
    was_prerendered = Event()

    def note(environ, **_more):
        is_link = environ["PATH_INFO"] == link
        if is_link and "prerender" in environ.get("HTTP_SEC_PURPOSE", ""):
            was_prerendered.set()

    request_started.connect(note)
    try:
        page.goto("/webmail/")
        assert was_prerendered.wait(60)
    finally:
        request_started.disconnect(note)
    page.wait_for_load_state("networkidle")
    assert not is_counted()

    page.get_by_role("link", name="Go").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    assert is_counted()


# So many pages a browser prerenders at once.
MOST_AT_ONCE = 10
# A browser that is short of memory looks ahead at some of the pages only.
MOST_TRIES = 10


class Looks:
    """What a browser rendered before anybody opened it."""

    def __init__(self):
        self.asked = set()
        self.under_way = 0
        self.changed = Condition()

    @contextmanager
    def noted(self):
        request_started.connect(self.note_start)
        request_finished.connect(self.note_end)
        try:
            yield
        finally:
            request_started.disconnect(self.note_start)
            request_finished.disconnect(self.note_end)

    def note_start(self, environ, **_more):
        purpose = environ.get("HTTP_SEC_PURPOSE", "")
        with self.changed:
            self.under_way += 1
            if "prerender" in purpose and "supporter=" in environ["HTTP_COOKIE"]:
                self.asked.add(environ["PATH_INFO"])

    def note_end(self, **_more):
        with self.changed:
            self.under_way -= 1
            self.changed.notify_all()

    def ahead(self, page, paths):
        """Open a page that has a browser render each of these paths."""
        for _try in range(MOST_TRIES):
            self.open_page(page, paths)
            with self.changed:
                self.changed.wait_for(partial(self.are_seen, paths), 20)
                paths = [path for path in paths if self.is_missing(path)]
            if not paths:
                return
        raise AssertionError(f"The browser never looked ahead at {paths}.")

    def are_seen(self, paths):
        return self.under_way == 0 and not any(map(self.is_missing, paths))

    def is_missing(self, path):
        return urlsplit(path).path not in self.asked

    @staticmethod
    def open_page(page, paths):
        rules = json.dumps({"prerender": [{"urls": paths, "eagerness": "immediate"}]})
        body = f"<script type=speculationrules>{rules}</script>"
        answer = {"body": body, "content_type": "text/html"}
        page.route("**/webmail/", lambda route: route.fulfill(**answer))
        page.goto("/webmail/", wait_until="networkidle")
        page.unroute("**/webmail/")


@pytest.mark.parametrize("how", NOT_SEEN)
def test_the_page_waits_until_it_is_seen(page, mailbox, work, how):
    """The browser of the tests does not run scripts of a page that it prerenders."""
    name, before, after, event = NOT_SEEN[how]
    make_petition_with_letter()
    sign(page)
    work()
    tab = page.context.new_page()
    tab.add_init_script(
        f"let value = {before};"
        f"Object.defineProperty(document, '{name}', {{ get: () => value }});"
        f"window.show = () => {{ value = {after};"
        f"document.dispatchEvent(new Event('{event}')) }}"
    )

    tab.goto(mailbox.path_to("confirmation"), wait_until="networkidle")
    expect(heading(tab)).to_have_text("Is this your signature?")
    assert not is_counted()

    tab.evaluate("show()")
    expect(heading(tab)).to_contain_text("Thank you, Ada Lovelace.")
    assert is_counted()
