"""A mail keeps its look where the style block is dropped, and says what it is."""

import re
from email import message_from_bytes, policy
from email.utils import formataddr

import pytest

from outbox import samples
from outbox.mail import POLICY, message
from tests.factories import make_petition, sign

pytestmark = pytest.mark.django_db
STYLE_BLOCK = re.compile(r"(?s)<style>.*?</style>")
# Gmail cuts off what is longer.
MOST_BYTES = 102 * 1024
# What has no look of its own.
PLAIN = "br|bdi|b|strong|em|i|li|span|div|img"


def test_each_mail_has_its_look_without_its_style_block():
    for name in samples.names():
        html = samples.write(name, "en").alternatives[0].content
        left = STYLE_BLOCK.sub("", html).split("<body", 1)[1]
        bare = re.findall(rf"<(?!(?:{PLAIN})\b)[a-z]+\d?\b(?![^>]* style=)[^>]*>", left)
        [button] = re.findall(r'<a class="button"[^>]*style="([^"]+)"', left) or [""]

        assert bare == [], name
        for look in ("background:#", "color:#", "font:18px/1.55", "max-width:600px"):
            assert look in left, name
        if "button" in left:
            assert "background:#" in button
            assert "padding:14px 26px" in button
        assert "prefers-color-scheme: dark" in html
        assert len(html.encode()) < MOST_BYTES
        assert not re.search(r"src=|url\(|<link|<script|@import", html)


def test_no_line_of_a_text_ends_with_a_space_but_that_above_the_signature():
    for name in samples.names():
        body = samples.write(name, "en").body
        assert re.findall(r"^.* $", body, re.M) == ["-- "], name


@pytest.mark.parametrize(
    "name",
    ["Ada " * 18, '"Ada" (Ltd.) ' * 6, "via Ünal (x) Ünal A,B", "김민수 via Ünal"],
)
def test_no_header_begins_with_an_empty_line(name):
    name = name.strip()
    written = message("ada@mail.example", name, "Hi.", "<p>Hi.", kind="x")
    written.from_email = formataddr((name, "hello@letters.example"))
    written.reply_to = [formataddr((name, f"{'a' * 60}@mail.example"))]
    written.extra_headers["Message-ID"] = f"<{'m' * 90}@letters.example>"

    sent = written.message(policy=POLICY)
    head = sent.as_bytes().partition(b"\r\n\r\n")[0]

    assert not re.search(rb"(?m)^[\w-]+:[ \t]*\r?$", head)
    assert sent.as_string().partition("\r\n\r\n")[0].encode() == head
    read = message_from_bytes(head, policy=policy.default)
    assert read["From"].addresses[0].display_name == name
    assert read["From"].addresses[0].addr_spec == "hello@letters.example"
    assert read["Subject"] == name


def test_each_mail_says_to_mailbox_providers_what_it_is_and_nothing_of_its_reader(
    mailbox, work
):
    petition = make_petition()
    for email in ("ada@mail.example", "bo@mail.example"):
        sign(petition, email=email)
    work()

    ids = [mail["Feedback-ID"] for mail in mailbox.messages]
    assert len(ids) == 2
    assert ids[0] == ids[1]
    campaign, kind, site, sender = ids[0].split(":")
    assert (campaign, kind, site) == (
        f"campaign-{petition.campaign_id}",
        "confirm-signature",
        "testserver",
    )
    assert re.fullmatch("[0-9a-z]{5,15}", sender)
    assert not [mail for mail in mailbox.messages if mail["List-Id"]]
