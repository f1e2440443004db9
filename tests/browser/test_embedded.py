"""A page of another website shows petition, letter and count in frames."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import expect

from letters.models import Delivery
from petitions.models import Signature
from tests.browser.visitor import (
    heading,
    in_two_browsers,
    make_petition_with_letter,
)

# The cookie with which websites that live from frames know somebody elsewhere.
FOREIGN = "seen=1; SameSite=None; Secure; Path=/"
# What “Block third-party cookies” is in the settings of a browser.
BLOCKED = {
    "enableThirdPartyCookieRestriction": True,
    "disableThirdPartyCookieMetadata": True,
    "disableThirdPartyCookieHeuristics": True,
}


@pytest.fixture
def elsewhere():
    """Another website, on another host and port; its page is what is put into it.

    A second page sets a cookie, and notes which came with the request for it.
    """

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            page = self.server.page
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            if self.path == "/cookie":
                page = ""
                self.server.sent.append(self.headers["Cookie"])
                self.send_header("Set-Cookie", FOREIGN)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        server.page, server.sent = "", []
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def tolerated(here, elsewhere):
    """The other website is another host, which has no icon."""
    host = urlsplit(settings.SITE_URL).hostname
    return [
        f"asked another host: http://{name}:{elsewhere.server_port}/"
        for name in ("127.0.0.1", host)
    ]


@pytest.fixture
def page(page, here, elsewhere):
    """A tab that gives a frame of another website no cookie, and takes none from it.

    That this is so is tried with a page on the host that our frames come from: it gets
    its cookie back in a tab of its own, and not in a frame. Some browsers block cookies
    of frames from the start, so nothing here depends on that.
    """
    host = urlsplit(settings.SITE_URL).hostname
    port = elsewhere.server_port
    own = f"http://{host}:{port}/cookie"
    elsewhere.page = f'<iframe src="{own}"></iframe>'
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCookieControls", BLOCKED)

    def seen_at(address):
        elsewhere.sent.clear()
        for _each in range(2):
            with page.expect_response("**/cookie"):
                page.goto(address)
        page.context.clear_cookies()
        return elsewhere.sent

    assert seen_at(own) == [None, "seen=1"]
    assert seen_at(f"http://127.0.0.1:{port}/") == [None, None]
    return page


def show_frames(page, elsewhere):
    """Open the other website's page, which has the lines; returns its address."""
    make_petition_with_letter()
    here = f"{settings.SITE_URL}/campaign-1/embed"
    frames = "".join(
        f'<iframe src="{here}/{kind}/?s=embed" title="{kind}" width="100%"></iframe>'
        for kind in ("petition", "letter", "count")
    )
    script = f'<script src="{settings.SITE_URL}/embed.js" async></script>'
    elsewhere.page = f"<!doctype html><title>Elsewhere</title>{frames}{script}"
    address = f"http://127.0.0.1:{elsewhere.server_port}/"
    page.goto(address)
    return address


def frame_of(page, title):
    return page.frame_locator(f'iframe[title="{title}"]')


def expect_sent(page, form, address):
    """The frame says what to do now; no cookie came, and the page around it stays."""
    expect(form.get_by_role("heading", name="Now check your email")).to_be_visible()
    assert page.url == address
    assert page.context.cookies() == []


@in_two_browsers
def test_somebody_signs_in_a_frame_and_confirms_by_mail_without_a_cookie_before(
    page, javascript, elsewhere, mailbox, work
):
    address = show_frames(page, elsewhere)

    for title, words in (("letter", "Send my letter"), ("count", "Add your name")):
        shown = frame_of(page, title).get_by_text(words, exact=True)
        expect(shown.first).to_be_visible()
    if javascript:  # the frame is as high as what is in it
        petition = page.locator('iframe[title="petition"]')
        expect(petition).to_have_attribute("style", re.compile(r"height: \d+px"))
    form = frame_of(page, "petition")
    form.get_by_role("button", name="Sign the petition").click()
    expect(form.get_by_role("heading", name="There is a problem")).to_be_visible()
    form.get_by_label("Full name").fill("Ada Lovelace")
    form.get_by_label("Email address").fill("ada@mail.example")
    form.get_by_label("Country").select_option("GB")
    form.get_by_role("button", name="Sign the petition").click()
    expect_sent(page, form, address)
    assert Signature.objects.get().referral_code == "embed"

    work()
    page.goto(settings.SITE_URL + mailbox.path_to("confirmation"))
    page.get_by_role("button", name="Yes, count my signature").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    assert Signature.objects.get().signer.counted_signature


@in_two_browsers
def test_a_letter_is_written_in_a_frame_and_sent_by_the_button_behind_its_mail(
    page, javascript, elsewhere, mailbox, work
):
    address = show_frames(page, elsewhere)

    form = frame_of(page, "letter")
    form.get_by_role("button", name="Send my letter").click()
    expect(form.get_by_role("heading", name="There is a problem")).to_be_visible()
    form.get_by_label("Full name").fill("Ada Lovelace")
    form.get_by_label("City and country").fill("London, UK")
    form.get_by_label("Why does this matter to you?").fill("Dogs cannot write.")
    if not javascript:
        form.get_by_role("button", name="Update the preview").click()
    expect(form.locator("#sheet")).to_contain_text("Dogs cannot write.")
    form.get_by_label("Your email address").fill("ada@mail.example")
    form.get_by_role("button", name="Send my letter").click()
    expect_sent(page, form, address)

    work()
    assert not Delivery.objects.exists()
    page.goto(settings.SITE_URL + mailbox.path_to("confirmation"))
    page.get_by_role("button", name="Yes, send my letter").click()
    expect(heading(page)).to_have_text("What happens to your letter")
    mailbox.clear()
    work()
    page.reload()
    expect(page.locator(".delivery-state")).to_have_text(
        ["Handed to our mail service"] * 3
    )
    letters = [mail for mail in mailbox.messages if "ada@" not in mail["To"]]
    assert len(letters) == 3
    for mail in letters:
        assert "Dogs cannot write." in mail.get_content()
