"""Whether our emails arrive: what the DNS says of our domain, in words for staff."""

import base64
import re
import time
from datetime import timedelta

import dns.resolver
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from outbox.deliverability import lookups
from outbox.deliverability.checks import check
from outbox.models import OutgoingMail
from tests.dns_server import SILENT, DnsServer
from tests.factories import make_campaign, make_staff

pytestmark = pytest.mark.django_db
PAGE = "/admin/deliverability/"
OURS = "letters.example"


def key(bits=2048):
    public = rsa.generate_private_key(65537, bits).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


KEY = key()
# 512 bits, as they were in use once.
SHORT = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAI" + "A" * 69 + "n5BsyRr7JsW45gRUCAwEAAQ=="


@pytest.fixture(scope="module")
def server():
    server = DnsServer()
    yield server
    server.close()


@pytest.fixture
def zone(server, settings, monkeypatch):
    """The records of a domain with which nothing is wrong, for a test to break."""
    monkeypatch.setattr(dns.resolver, "default_resolver", server.resolver())
    settings.MAIL_DOMAIN, settings.DKIM_SELECTOR = OURS, "mail"
    settings.LETTERS_FROM_EMAIL = f"letters@{OURS}"
    options = {"host": f"relay.{OURS}", "port": 587, "use_tls": True}
    settings.MAILERS = {"default": {**settings.MAILERS["default"], "OPTIONS": options}}
    server.zone.clear()
    server.zone |= {
        OURS: {"TXT": ["v=spf1 mx -all", "something else"], "MX": [f"10 mx.{OURS}."]},
        f"mail._domainkey.{OURS}": {"TXT": [f"v=DKIM1; k=rsa; p={KEY}"]},
        f"_dmarc.{OURS}": {"TXT": ["v=DMARC1; p=reject"]},
    }
    return server.zone


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@letters.example")
    client.force_login(bo)
    return bo


def problems():
    """What is not good: the title of each, with the beginning of its words."""
    return {
        (str(each.title), str(each.words)) for each in check() if each.state != "good"
    }


def said(found, *beginnings):
    """Whether just these were found."""
    assert len(found) == len(beginnings), found
    return all(
        any(f"{title}: {words}".startswith(begins) for title, words in found)
        for begins in beginnings
    )


def with_spf(*records):
    return {OURS: {"TXT": list(records), "MX": [f"10 mx.{OURS}."]}}


def with_key(record):
    return {f"mail._domainkey.{OURS}": {"TXT": [record]}}


def with_dmarc(*records):
    return {f"_dmarc.{OURS}": {"TXT": list(records)}}


ELEVEN = {
    f"s{n}.example": {"TXT": [f"v=spf1 include:s{n + 1}.example ~all"]}
    for n in range(12)
}
BROKEN = {
    "SPF: There is no SPF record": with_spf("v=spf10 -all"),
    "SPF: There are several SPF": with_spf(
        "v=spf1 mx -all", "v=spf1 include:a.example ~all"
    ),
    "SPF: The SPF record needs more": with_spf("v=spf1 include:s0.example ~all")
    | ELEVEN,
    "SPF: The SPF record ends in “+all”": with_spf("v=spf1 mx +all"),
    "SPF: The SPF record does not say": with_spf("v=spf1 mx ?all"),
    "SPF: The SPF record has a word": with_spf("v=spf1 ip4:8.8.8.888 -all"),
    "SPF: The SPF record includes": with_spf("v=spf1 include:gone.example -all"),
    "DMARC: There is no DMARC": with_dmarc(),
    "DMARC: There are several": with_dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"),
    "DMARC: Servers cannot read": with_dmarc("v=DMARC1; p=nothing"),
    "DKIM: There is no key": {f"mail._domainkey.{OURS}": {}},
    "DKIM: The key is empty": with_key("v=DKIM1; p="),
    "DKIM: The key cannot be read": with_key(f"v=DKIM1; p={KEY[:100]}"),
    "DKIM: The key has fewer than 2,048": with_key(f"k=rsa; p={key(1024)}"),
    "DKIM: The key has fewer than 1,024": with_key(f"v=DKIM1; p={SHORT}"),
    "MX: No server takes": {OURS: {"TXT": ["v=spf1 a -all"]}},
    "MX: The domain says that it takes no": {
        OURS: {"TXT": ["v=spf1 a -all"], "MX": ["0 ."]}
    },
}


@pytest.mark.parametrize("words", BROKEN)
def test_each_broken_setup_is_said_and_nothing_else_is(zone, words):
    assert problems() == set()
    zone |= BROKEN[words]

    assert said(problems(), words)


def test_settings_that_break_it_are_said(zone, settings):
    settings.LETTERS_FROM_EMAIL = "letters@other.example"
    settings.MAILERS["default"]["OPTIONS"]["use_tls"] = False
    settings.DKIM_SELECTOR = ""
    assert said(
        problems(),
        "Sender of letters: The domain of LETTERS_FROM_EMAIL does not fit",
        "TLS: Our emails go to the mail service without",
        "DKIM: The site does not know the selector.",
    )

    # Servers take what lies below one registered domain for one.
    settings.LETTERS_FROM_EMAIL = f"letters@post.{OURS}"
    settings.MAILERS["default"]["OPTIONS"] |= {"host": "localhost"}
    settings.DKIM_SELECTOR = "mail"
    assert problems() == set()


def test_keys_and_records_of_other_kinds_are_good(zone, settings):
    own = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    zone |= with_key(f"k=ed25519; p={base64.b64encode(own).decode()}")
    zone |= with_spf("v=spf1 a:mx.example/24 redirect=_spf.example")
    zone["_spf.example"] = {
        "TXT": ["V=SPF1 IP6:2001:db8::/32 exists:%{i}.a.example -all"]
    }
    zone |= {f"_dmarc.{OURS}": {"CNAME": "dmarc.example."}}
    zone["dmarc.example"] = {"TXT": ["v=DMARC1;p=quarantine;pct=50;"]}
    assert problems() == set()

    # That of the registered domain counts for what lies below it.
    settings.MAIL_DOMAIN = f"post.{OURS}"
    found = {str(each.title): str(each.words) for each in check()}
    assert found["DMARC"] == "Servers keep away what only pretends to be from us."

    zone["dmarc.example"] = {"TXT": ["v=DMARC1; p=reject; sp=none"]}
    found = {str(each.title): str(each.words) for each in check()}
    assert found["DMARC"].startswith("Servers report, but let everything pass.")


def test_what_the_dns_does_not_answer_is_not_called_missing(zone, monkeypatch):
    monkeypatch.setattr(lookups, "SECONDS_EACH", 0.2)
    for name in (OURS, f"mail._domainkey.{OURS}", f"_dmarc.{OURS}"):
        zone[name] = SILENT

    silent = "could not be looked up. Check again in some minutes."
    names = ("SPF", "DKIM", "DMARC", "MX")
    assert said(problems(), *(f"{name}: This {silent}" for name in names))


def test_circles_and_endless_records_end_in_time(zone, monkeypatch):
    monkeypatch.setattr(lookups, "SECONDS_IN_ALL", 1)
    zone |= with_spf(f"v=spf1 include:{OURS} include:a..b -all")
    zone |= {f"mail._domainkey.{OURS}": {"CNAME": f"mail._domainkey.{OURS}."}}
    zone |= with_dmarc(*[f"v=DMARC1; p=none; {n}" + "x" * 900 for n in range(30)])
    begun = time.monotonic()

    found = {title for title, _words in problems()}

    assert found >= {"SPF", "DKIM", "DMARC"}
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("selector", ["a..b", "x" * 64, "é" * 40, "\\"])
def test_a_selector_that_is_no_name_is_said(zone, settings, selector):
    settings.DKIM_SELECTOR = selector

    assert said(problems(), "DKIM: There is no key under this selector.")


def test_staff_read_what_is_wrong_and_copy_the_record(client, bo, zone):
    zone |= BROKEN["SPF: There are several SPF"] | {f"_dmarc.{OURS}": {}}
    assert "SPF records" not in client.get(PAGE).text

    page = client.post(PAGE).text

    assert "2 things to mend" in page
    assert "There are several SPF records, so servers believe none of them." in page
    assert 'value="v=spf1 include:a.example mx ~all"' in page
    assert "There is no DMARC record." in page
    assert f'value="v=DMARC1; p=none; rua=mailto:dmarc@{OURS}"' in page


def test_only_the_button_looks_anything_up(client, bo, zone, server):
    asked = server.asked
    assert "Check now" in client.get(PAGE).text
    assert server.asked == asked

    assert "Nothing to mend" in client.post(PAGE).text

    assert server.asked > asked


def test_records_are_shown_as_text_whatever_stands_in_them(client, bo, zone):
    zone |= with_dmarc("v=DMARC1; p=<script>alert(1)</script>")
    zone |= with_key(b"v=DKIM1\0\xff; p=" + b"A" * 5000)

    page = client.post(PAGE).text

    assert "p=&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "A" * 250 in page
    assert "A" * 300 not in page


def test_the_test_email_goes_to_who_asks(client, bo, mailbox, work):
    page = client.post(f"{PAGE}test/", follow=True)
    work()

    assert "A test email is on its way to bo@letters.example." in page.text
    [mail] = mailbox.messages
    assert mail["To"] == "bo@letters.example"
    assert client.get(f"{PAGE}test/").status_code == 405


def mails(domain, number, outcome="sent", days=1, **columns):
    """So many mails to a domain, which ended some days ago."""
    at = timezone.now() - timedelta(days=days)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            purpose="news",
            about=about,
            lane="bulk",
            due_at=at,
            domain=domain,
            address_hash=b"x" * 16,
            settled_at=at,
            outcome=outcome,
            **columns,
        )
        for about in range(number)
    )


def rows(page):
    """The rows of the table: name and numbers."""
    table = page.text.partition('aria-labelledby="others"><table')[2]
    return [
        [
            " ".join(re.sub("<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in re.findall(r"<tr>.*?</tr>", table.partition("<tbody>")[2], re.S)
    ]


def test_staff_see_how_the_mails_to_each_domain_ended(client, bo):
    now = timezone.now()
    assert "We have sent no emails in the last 30 days." in client.get(PAGE).text
    mails("a.example", 370)
    mails("a.example", 10, "refused")
    mails("a.example", 10, bounced_at=now)
    mails("a.example", 10, "given_up", days=20)
    mails("b.example", 100, complained_at=now)
    mails("b.example", 3, "stopped")
    mails("old.example", 9, days=40)

    page = client.get(PAGE)

    assert rows(page) == [
        ["All together", "500", "30 6.0%", "100 20.0%"],
        ["a.example", "400", "30 7.5%", "0 0.0%"],
        ["b.example", "100", "0 0.0%", "100 100.0%"],
    ]
    assert "/admin/outbox/outgoingmail/?q=a.example" in page.text


def test_many_domains_are_twenty_rows(client, bo):
    for number in range(40):
        mails(f"d{number}.example", 2)

    assert len(rows(client.get(PAGE))) == 1 + 20


def test_only_who_looks_after_all_emails_opens_it(client):
    make_campaign()
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403
    assert client.post(f"{PAGE}test/").status_code == 403
