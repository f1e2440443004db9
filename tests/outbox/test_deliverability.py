"""Whether our emails arrive: what the DNS says of our domain, in words for staff."""

import base64
import re
import time
from pathlib import Path

import dns.resolver
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from outbox.deliverability import lookups
from outbox.deliverability.checks import check
from outbox.deliverability.models import DomainCheck
from outbox.deliverability.words import PROBLEMS
from tests.dns_server import SILENT, DnsServer
from tests.factories import make_campaign, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.some("whether emails arrive")]
PAGE = "/admin/deliverability/"
OURS = "letters.example"
RELAY = "8.8.4.4"


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
    settings.MAIL_DOMAIN = OURS
    settings.LETTERS_FROM_EMAIL = f"letters@{OURS}"
    options = {"host": f"relay.{OURS}", "port": 587, "use_tls": True}
    settings.MAILERS = {"default": {**settings.MAILERS["default"], "OPTIONS": options}}
    server.zone.clear()
    server.zone |= {
        OURS: {"TXT": ["v=spf1 mx -all", "something else"], "MX": [f"10 mx.{OURS}."]},
        f"mail._domainkey.{OURS}": {"TXT": [f"v=DKIM1; k=rsa; p={KEY}"]},
        f"_dmarc.{OURS}": {"TXT": ["v=DMARC1; p=reject"]},
        f"mx.{OURS}": {"A": [RELAY]},
        f"relay.{OURS}": {"A": [RELAY]},
        "4.4.8.8.in-addr.arpa": {"PTR": [f"relay.{OURS}."]},
    }
    return server.zone


@pytest.fixture
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@letters.example")
    client.force_login(bo)
    return bo


def problems():
    return {each.problem for each in check("mail") if not each.problem.endswith("good")}


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
    "spf_missing": with_spf("v=spf10 -all"),
    "spf_several": with_spf("v=spf1 mx -all", "v=spf1 include:a.example ~all"),
    "spf_too_many": with_spf("v=spf1 include:s0.example ~all") | ELEVEN,
    "spf_everybody": with_spf("v=spf1 mx +all"),
    "spf_open": with_spf("v=spf1 mx ?all"),
    "spf_unreadable": with_spf("v=spf1 ip4:8.8.8.888 -all"),
    "spf_include": with_spf("v=spf1 include:gone.example -all"),
    "dmarc_missing": with_dmarc(),
    "dmarc_several": with_dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"),
    "dmarc_unreadable": with_dmarc("v=DMARC1; p=nothing"),
    "dkim_missing": with_dmarc("v=DMARC1; p=reject") | {f"mail._domainkey.{OURS}": {}},
    "dkim_revoked": with_key("v=DKIM1; p="),
    "dkim_unreadable": with_key(f"v=DKIM1; p={KEY[:100]}"),
    "dkim_short": with_key(f"k=rsa; p={key(1024)}"),
    "dkim_useless": with_key(f"v=DKIM1; p={SHORT}"),
    "mx_missing": {OURS: {"TXT": ["v=spf1 a -all"]}},
    "mx_null": {OURS: {"TXT": ["v=spf1 a -all"], "MX": ["0 ."]}},
    "ptr_missing": {"4.4.8.8.in-addr.arpa": {}},
    "ptr_not_back": {"4.4.8.8.in-addr.arpa": {"PTR": ["other.example."]}},
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_setup_is_named_and_nothing_else_is(zone, name):
    assert problems() == set()
    zone |= BROKEN[name]

    assert problems() == {name}


def test_settings_that_break_it_are_named(zone, settings):
    settings.LETTERS_FROM_EMAIL = "letters@other.example"
    settings.MAILERS["default"]["OPTIONS"]["use_tls"] = False
    assert problems() == {"aligned_not", "tls_missing"}

    # Servers take a domain and those below it for one, unless its record is strict.
    settings.LETTERS_FROM_EMAIL = f"letters@post.{OURS}"
    settings.MAILERS["default"]["OPTIONS"] |= {"host": "localhost"}
    assert problems() == {"ptr_elsewhere", "tls_near"}
    zone |= with_dmarc("v=DMARC1; p=reject; aspf=s")
    assert "aligned_not" in problems()
    assert "dkim_selector" in {each.problem for each in check()}


def test_keys_and_records_of_other_kinds_are_good(zone):
    own = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    zone |= with_key(f"k=ed25519; p={base64.b64encode(own).decode()}")
    zone |= with_spf("v=spf1 a:mx.example/24 redirect=_spf.example")
    zone["_spf.example"] = {
        "TXT": ["V=SPF1 IP6:2001:db8::/32 exists:%{i}.a.example -all"]
    }
    zone |= {f"_dmarc.{OURS}": {"CNAME": "dmarc.example."}}
    zone["dmarc.example"] = {"TXT": ["v=DMARC1;p=quarantine;pct=50;"]}

    assert problems() == set()

    zone["dmarc.example"] = {"TXT": ["v=DMARC1; p=none"]}
    assert problems() == {"dmarc_watches"}


def test_what_the_dns_does_not_answer_is_not_called_missing(zone, monkeypatch):
    monkeypatch.setattr(lookups, "SECONDS_EACH", 0.2)
    for name in (OURS, f"mail._domainkey.{OURS}", f"_dmarc.{OURS}", f"relay.{OURS}"):
        zone[name] = SILENT

    assert problems() == {
        f"{name}_unanswered" for name in ("spf", "dkim", "dmarc", "mx", "ptr")
    }


def test_circles_and_endless_records_end_in_time(zone, monkeypatch):
    monkeypatch.setattr(lookups, "SECONDS_IN_ALL", 1)
    zone |= with_spf(f"v=spf1 include:{OURS} include:a..b -all")
    zone |= {f"mail._domainkey.{OURS}": {"CNAME": f"mail._domainkey.{OURS}."}}
    zone |= with_dmarc(*[f"v=DMARC1; p=none; {n}" + "x" * 900 for n in range(30)])
    zone["4.4.8.8.in-addr.arpa"] = {"PTR": [f"p{n}.example." for n in range(90)]}
    begun = time.monotonic()

    assert problems() >= {"spf_include", "dkim_unanswered", "dmarc_several"}

    assert time.monotonic() - begun < 5


def test_staff_read_what_is_wrong_and_copy_the_record(client, bo, zone):
    zone |= BROKEN["spf_several"] | {f"_dmarc.{OURS}": {}}
    page = client.get(PAGE).text
    assert "Nobody has checked them here yet." in page

    page = client.post(f"{PAGE}check/", {"selector": " Mail "}, follow=True).text

    assert "2 things to mend" in page
    assert "There are several SPF records, so servers believe none of them." in page
    assert 'value="v=spf1 include:a.example mx ~all"' in page
    assert "There is no DMARC record." in page
    assert f'value="v=DMARC1; p=none; rua=mailto:dmarc@{OURS}"' in page
    assert 'value="mail"' in page


def test_opening_the_page_looks_nothing_up(client, bo, zone, server):
    client.post(f"{PAGE}check/", {"selector": "mail"})
    asked = server.asked

    page = client.get(PAGE).text

    assert "Nothing to mend" in page
    assert server.asked == asked > 0
    assert client.get(f"{PAGE}check/").status_code == 405


def test_records_are_shown_as_text_whatever_stands_in_them(client, bo, zone):
    zone |= with_dmarc("v=DMARC1; p=<script>alert(1)</script>")
    zone |= with_key(b"v=DKIM1\0\xff; p=" + b"A" * 5000)

    page = client.post(f"{PAGE}check/", {"selector": "mail"}, follow=True).text

    assert "p=&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "A" * 250 in page
    assert "A" * 300 not in page


@pytest.mark.parametrize("typed", ["evil.example.", "a/b", "a b", "x" * 64, "é", "-a"])
def test_nobody_has_another_name_looked_up(client, bo, zone, server, typed):
    before = server.asked

    page = client.post(f"{PAGE}check/", {"selector": typed})

    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert server.asked == before
    assert not DomainCheck.objects.exists()


def test_what_another_version_or_domain_noted_is_left_out(client, bo, zone, settings):
    client.post(f"{PAGE}check/", {"selector": "mail"})
    row = DomainCheck.objects.get()
    row.noted.append(["spf_of_tomorrow", [], None])
    row.save()
    assert "Nothing to mend" in client.get(PAGE).text

    settings.MAIL_DOMAIN = "new.example"

    assert "Nobody has checked them here yet." in client.get(PAGE).text


def test_only_who_looks_after_all_emails_opens_it(client):
    make_campaign()
    client.force_login(make_staff("cy", "Moderators"))

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}check/").status_code == 403
    assert client.post(f"{PAGE}test/").status_code == 403


def test_each_problem_has_a_test_or_says_that_all_is_well():
    tested = set(re.findall(r"\w+_\w+", Path(__file__).read_text(encoding="utf-8")))
    plain = {name for name in PROBLEMS if name.endswith(("_good", "_unanswered"))}

    assert set(PROBLEMS) - plain - tested == set()
