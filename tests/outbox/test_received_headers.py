"""Staff paste the headers of the test email, and read what they say in words."""

import time

import pytest

from outbox.deliverability import headers
from tests.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.some("whether emails arrive")]
PAGE = "/admin/deliverability/"
GOOD = """Message ID\t<mail.1@letters.example>
SPF:\tPASS with IP 8.8.4.4

Delivered-To: bo@mail.example
Received: by 2002:a05:6358 with SMTP id x1; Sat, 28 Nov 2026 06:00:00 -0800
Authentication-Results: mx.mail.example;
       dkim=pass (good; spf=fail is not meant) header.i=@letters.example header.s=s1;
       spf=pass (a (nested) comment) smtp.mailfrom="bounces+m1@letters.example";
       dmarc=pass (p=NONE) header.from=letters.example
Received: from relay.letters.example (relay.letters.example. [8.8.4.4])
        by mx.mail.example with ESMTPS id 17 (version=TLS1_3); Sat, 28 Nov 2026
Authentication-Results: relay.letters.example; spf=fail dkim=fail
DKIM-Signature: v=1; a=rsa-sha256; d=letters.example; s=S1;
        h=from:to; b=abc
X-Spam-Status: No, score=-0.3 required=5.0
From: Our name <hello@letters.example>
Subject: Email works
"""


@pytest.fixture(autouse=True)
def bo(client, settings):
    settings.MAIL_DOMAIN = "letters.example"
    settings.LETTERS_FROM_EMAIL = "letters@letters.example"
    bo = make_staff("bo", "Campaigners", email="bo@letters.example")
    client.force_login(bo)
    return bo


def paste(client, text):
    return client.post(f"{PAGE}headers/", {"headers": text})


def names(text):
    return [result.name for result in headers.read(text)]


def test_a_good_email_is_read_by_the_header_of_the_server_that_took_it(client):
    page = paste(client, GOOD)

    assert names(GOOD) == [
        *("spf_pass", "dkim_pass", "dmarc_pass", "way_encrypted", "spam_few")
    ]
    assert page.text.count("has checked this, and it fits.") == 3
    assert "The email came encrypted." in page.text
    assert "X-Spam-Status: -0.3" in page.text
    # The selector that stands there is offered for the next check.
    assert 'name="selector" value="s1"' in page.text


@pytest.mark.parametrize(
    ("old", "new", "name", "words"),
    [
        ("spf=pass", "spf=softfail", "spf_fail", "may not send for our domain."),
        ("dkim=pass", "dkim=none", "dkim_fail", "has no signature that fits."),
        ("dmarc=pass", "dmarc=fail", "dmarc_fail", "Neither SPF nor DKIM fits"),
        ("dmarc=pass", "arc=pass", "dmarc_silent", "The headers do not say."),
        ("ESMTPS id 17 (version=TLS1_3)", "ESMTP id 17", "way_open", "without encry"),
        ("(relay.letters.example. [", "(unknown [", "way_nameless", "has no name that"),
        ("score=-0.3", "score=7.1", "spam_many", "emails like this one for spam."),
        ("X-Spam-Status", "X-Other", "spam_silent", "The headers do not say."),
        ("<hello@letters.example>", "<a@evil.example>", "sender_other", "not from us."),
    ],
)
def test_what_is_wrong_is_said_in_words(client, old, new, name, words):
    text = GOOD.replace(old, new)

    assert name in names(text)
    assert words in paste(client, text).text


def test_points_of_other_filters_are_read():
    microsoft = "X-Forefront-Antispam-Report: CIP:8.8.4.4;SCL:{};"
    status = "X-Spam-Status: No, score=-0.3 required=5.0"

    assert "spam_few" in names(GOOD.replace(status, microsoft.format(-1)))
    assert "spam_many" in names(GOOD.replace(status, microsoft.format(9)))
    assert "spam_many" in names(GOOD.replace(status, "X-Rspamd-Score: 12.5"))


@pytest.mark.parametrize("text", ["", "Hello Bo", "Subject: Email works", "\0" * 9])
def test_what_is_no_header_is_said_and_kept(client, text):
    page = paste(client, text)

    assert page.status_code == 422
    assert "Hello Bo" not in text or "Hello Bo" in page.text


def test_hostile_headers_are_text_and_end_soon(client):
    script = "<script>alert(1)</script>"
    begun = time.monotonic()

    for text in (
        GOOD.replace("relay.letters.example (", f"{script} ("),
        GOOD.replace("hello@letters.example", f"x@{script}"),
        "Received: " + "from " * 12_000 + "\n" + GOOD,
        "Authentication-Results: " + "(" * 30_000 + ")" * 30_000 + "\n" + GOOD,
        "DKIM-Signature: " + "d = ; s = " * 6_000 + "\n" + GOOD,
        "X-Spam-Score: " + "-9" * 30_000 + "\n" + GOOD,
    ):
        page = paste(client, text)
        assert page.status_code in (200, 422)
        assert script not in page.text

    assert time.monotonic() - begun < 20
    assert paste(client, "a" * (headers.MOST_PASTED + 1)).status_code == 422


def test_the_test_email_goes_to_who_asks(client, mailbox, work):
    page = client.post(f"{PAGE}test/", follow=True)
    work()

    assert "A test email is on its way to bo@letters.example." in page.text
    assert mailbox.last().envelope_to == ["bo@letters.example"]
    assert client.get(f"{PAGE}test/").status_code == 405
    assert client.get(f"{PAGE}headers/").status_code == 405
