"""A page of another website shows petition, letter and count in frames."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from playwright.sync_api import expect

from petitions.models import Signature
from tests.browser.visitor import (
    heading,
    make_petition_with_letter,
    on_both_screens,
    with_and_without_javascript,
)


@pytest.fixture
def elsewhere():
    """Another website, on another host and port; its page is what is put into it."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(self.server.page.encode())

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def tolerated(elsewhere):
    """The other website is another host, which has no icon."""
    return ["asked another host: http://127.0.0.1:"]


@on_both_screens
@with_and_without_javascript
def test_somebody_signs_in_a_frame_and_confirms_by_mail_without_a_cookie_before(
    page, javascript, elsewhere, mailbox, work
):
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

    for title, words in (("letter", "Send my letter"), ("count", "Add your name")):
        frame = page.frame_locator(f'iframe[title="{title}"]')
        expect(frame.get_by_text(words, exact=True).first).to_be_visible()
    petition = page.locator('iframe[title="petition"]')
    if javascript:  # the frame is as high as what is in it
        expect(petition).to_have_attribute("style", re.compile(r"height: \d+px"))
    form = petition.content_frame
    form.get_by_role("button", name="Sign the petition").click()
    expect(form.get_by_role("heading", name="There is a problem")).to_be_visible()
    form.get_by_label("Full name").fill("Ada Lovelace")
    form.get_by_label("Email address").fill("ada@mail.example")
    form.get_by_label("Country").select_option("GB")
    form.get_by_role("button", name="Sign the petition").click()
    expect(form.get_by_role("heading", name="Now check your email")).to_be_visible()
    assert page.url == address
    assert page.context.cookies() == []
    assert Signature.objects.get().referral_code == "embed"

    work()
    page.goto(settings.SITE_URL + mailbox.path_to("confirmation"))
    page.get_by_role("button", name="Yes, count my name").click()
    expect(heading(page)).to_contain_text("Thank you, Ada Lovelace.")
    assert Signature.objects.get().signer.counted_signature
