"""deploy/nginx.conf with a certificate: what it and the site behind it do by HTTPS."""

import http.client
import re
import signal
import ssl
import subprocess
import warnings
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from safeguards.counters import Hits
from tests.deploy.nginx import start_nginx
from tests.deploy.test_nginx import NGINX
from tests.deploy.visitor import HOST
from tests.deploy.web import running_gunicorn
from tests.factories import ADA, make_petition, make_recipients, make_staff, sign
from tests.worker import worker_environment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX, reason="there is no nginx on this machine"),
]


@pytest.fixture
def certificate(tmp_path):
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]
    command += ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={HOST}"]
    command += ["-out", files[0], "-keyout", files[1]]
    subprocess.run(command, check=True, capture_output=True)
    return files


@pytest.fixture
def site(tmp_path, wire, certificate):
    """The port of an nginx with our whole file, in front of the site by HTTPS."""
    database = wire.carrying(worker_environment(9)["DATABASE_URL"])
    with running_gunicorn(
        tmp_path, DATABASE_URL=database, SITE_URL=f"https://{HOST}"
    ) as gunicorn:
        process, port = start_nginx(
            NGINX, tmp_path, gunicorn.port, certificate=certificate
        )
        yield port
        process.send_signal(signal.SIGQUIT)
        process.wait(300)


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ask(port, path, form=None, **headers):
    """Status, headers and body; names of headers are written with a “_”."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", port, context=trusting(), timeout=300
    )
    sent = {"Host": HOST} | {n.replace("_", "-"): value for n, value in headers.items()}
    body = None
    if form is not None:
        sent |= {"Content-Type": "application/x-www-form-urlencoded"}
        sent.setdefault("Sec-Fetch-Site", "same-origin")
        body = urlencode(form)
    connection.request("GET" if form is None else "POST", path, body, sent)
    answer = connection.getresponse()
    read = answer.status, answer.headers, answer.read().decode()
    connection.close()
    return read


def test_every_cookie_is_of_this_host_and_of_https_alone(site):
    make_petition()
    status, headers, _page = ask(site, "/campaign-1/signatures/", ADA)
    login = ask(site, "/admin/account/login/")[1]

    assert status == 302
    set_cookies = [*headers.get_all("Set-Cookie"), *login.get_all("Set-Cookie")]
    assert {line.partition("=")[0] for line in set_cookies} == {
        "__Host-posted",
        "__Host-csrftoken",
    }
    for line in set_cookies:
        [morsel] = SimpleCookie(line).values()
        assert morsel["secure"]
        assert morsel["httponly"]
        assert (morsel["path"], morsel["domain"]) == ("/", "")
        assert morsel["samesite"] == "Lax"
    for answered in (headers, login, ask(site, "/campaign-1/")[1], ask(site, "/x/")[1]):
        assert answered["Strict-Transport-Security"] == "max-age=31536000"
        assert answered["Server"] == "nginx"


class Browser:
    """Keeps cookies as a browser does, and how each was set last."""

    def __init__(self, port):
        self.port, self.cookies, self.set = port, {}, {}

    def ask(self, path, form=None, **headers):
        if self.cookies:
            headers["Cookie"] = "; ".join(map("=".join, self.cookies.items()))
        status, answered, page = ask(self.port, path, form, **headers)
        for line in answered.get_all("Set-Cookie", []):
            [morsel] = SimpleCookie(line).values()
            self.set[morsel.key] = morsel
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies.pop(morsel.key, None)
            else:
                self.cookies[morsel.key] = morsel.value
        return status, answered, page

    def sign_in(self, password="pw"):
        page = self.ask("/admin/account/login/")[2]
        form = {"login": "bo", "password": password, **token_of(page)}
        return self.ask("/admin/account/login/", form, **OURS)[0]

    def has_been_given(self, name, samesite, max_age):
        morsel = self.set[name]
        assert (morsel["secure"], morsel["httponly"]) == (True, True)
        assert (morsel["path"], morsel["domain"]) == ("/", "")
        assert (morsel["samesite"], str(morsel["max-age"])) == (samesite, max_age)


OURS = {"Referer": f"https://{HOST}/"}
SESSION, KNOWN = "__Host-sessionid", "__Host-supporter"
OFFICIAL = "__Host-official"


def token_of(page):
    found = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return {"csrfmiddlewaretoken": found[1]}


def test_a_session_of_staff_is_new_at_sign_in_and_ends_everywhere(site, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    make_staff("bo")
    bo, elsewhere = Browser(site), Browser(site)
    bo.cookies[SESSION] = planted = "k" * 32

    assert bo.sign_in() == 302
    bo.has_been_given(SESSION, "Lax", str(12 * 3600))
    assert bo.cookies[SESSION] != planted
    assert bo.ask("/admin/")[0] == 200
    for forged in (planted, bo.cookies[SESSION][:-1] + "!"):
        stranger = Browser(site)
        stranger.cookies[SESSION] = forged
        assert stranger.ask("/admin/")[0] == 302

    # Signing out ends it for whoever has copied the cookie, too.
    copied = bo.cookies[SESSION]
    page = bo.ask("/admin/")[2]
    assert bo.ask("/admin/logout/", token_of(page), **OURS)[0] in (200, 302)
    assert SESSION not in bo.cookies
    elsewhere.cookies[SESSION] = copied
    assert elsewhere.ask("/admin/")[0] == 302

    # And another password ends all others.
    for browser in (bo, elsewhere):
        browser.cookies.clear()
        assert browser.sign_in() == 302
    before = bo.cookies[SESSION]
    page = bo.ask("/admin/account/password/")[2]
    new = "a horse of another colour"
    form = {"oldpassword": "pw", "password1": new, "password2": new}
    assert bo.ask("/admin/account/password/", form | token_of(page), **OURS)[0] == 302
    assert bo.cookies[SESSION] != before
    assert bo.ask("/admin/")[0] == 200
    assert elsewhere.ask("/admin/")[0] == 302
    elsewhere.cookies[SESSION] = before
    assert elsewhere.ask("/admin/")[0] == 302


def test_the_cookie_of_a_known_browser_ends_for_every_copy_of_it(site):
    signature = sign(make_petition())
    ada, copy = Browser(site), Browser(site)
    link = path_to(
        "petitions:confirmation", "campaign-1", signature.confirmation.link_key
    )

    assert (ada.ask(link)[0], ada.set) == (200, {})
    assert ada.ask(link, {})[0] == 302
    ada.has_been_given(KNOWN, "Lax", "")  # until the browser is closed
    assert "Ada Lovelace" in ada.ask("/campaign-1/")[2]
    assert ada.ask("/mine/browser/", {"own_device": "1", "to": "/"})[0] == 302
    ada.has_been_given(KNOWN, "Lax", str(30 * 24 * 3600))
    copy.cookies[KNOWN] = ada.cookies[KNOWN]

    assert ada.ask("/mine/browser/", {"to": "/"})[0] == 302
    assert KNOWN not in ada.cookies
    assert knows_ada(copy)  # this browser alone was forgotten
    signature.confirmation.supporter.forget_browsers()
    assert not knows_ada(copy)
    copy.cookies[KNOWN] = copy.cookies[KNOWN].swapcase()
    assert not knows_ada(copy)


def test_the_cookie_of_an_official_ends_with_their_visit(site):
    recipient = make_recipients(1).recipients.get()
    visit = recipient.visits.create(email=recipient.email, mail_key="k" * 22)
    mayor, copy = Browser(site), Browser(site)
    link = path_to("letters:official-opening", visit.mail_key)
    page = path_to("letters:official-page", visit.key)

    assert (mayor.ask(link)[0], mayor.set) == (200, {})
    assert mayor.ask(page)[0] == 410
    assert mayor.ask(link, {})[0] == 302
    mayor.has_been_given(OFFICIAL, "Strict", "")
    assert mayor.ask(page)[0] == 200
    copy.cookies |= mayor.cookies
    assert copy.ask(page)[0] == 200

    assert mayor.ask(f"{page}leaving/", {})[0] == 200
    assert OFFICIAL not in mayor.cookies
    assert copy.ask(page)[0] == 410


def path_to(view, *args):
    return reverse(view, args=args)


def knows_ada(browser):
    return "a…@" in browser.ask("/mine/")[2]


def test_nothing_that_a_client_says_of_its_way_is_believed(site):
    """Its own X-Forwarded-…, Forwarded and Host change neither address nor scheme."""
    make_petition()
    lies = {
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Port": "80",
        "X_Forwarded_For": "192.0.2.1",
        "X_Real_IP": "192.0.2.1",
        "X_Counted": "0",
        "Forwarded": "for=192.0.2.1;host=evil.example;proto=http",
    }

    status, headers, page = ask(site, "/campaign-1/", **lies)
    assert status == 200
    assert "evil.example" not in page + str(headers)
    status, headers, _page = ask(site, "/campaign-1/signatures/", ADA, **lies)
    assert status == 302
    assert headers["Location"].startswith("/campaign-1/signatures/")
    assert counts_of_posts() == {1}
    assert ask(site, "/campaign-1/signatures/", ADA)[0] == 302
    assert counts_of_posts() == {2}  # of the same network

    for host in ("evil.example", f"{HOST}.evil.example", f"evil.example:443@{HOST}"):
        status, _headers, page = ask(site, "/campaign-1/", Host=host)
        assert (status, "I ask the council" in page) == (400, False)
    assert ask(site, "/campaign-1/")[0] == 200


def counts_of_posts():
    return set(Hits.objects.values_list("count", flat=True))


def test_old_tls_is_refused_and_no_session_is_kept_by_a_ticket(site):
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            assert spoken(site, version, "ALL:@SECLEVEL=0") is None
    assert spoken(site, ssl.TLSVersion.TLSv1_2, "DEFAULT") == "TLSv1.2"
    assert spoken(site, ssl.TLSVersion.TLSv1_3, "DEFAULT") == "TLSv1.3"
    # Neither without forward secrecy, nor in CBC.
    for ciphers in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256"):
        assert spoken(site, ssl.TLSVersion.TLSv1_2, ciphers) is None


def spoken(port, version, ciphers):
    """The version of a connection by this one alone, or None if it is refused."""
    context = trusting()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(ciphers)
    context.maximum_version = version
    context.minimum_version = version
    connection = http.client.HTTPSConnection(
        "127.0.0.1", port, context=context, timeout=300
    )
    try:
        connection.connect()
        assert not (connection.sock.session and connection.sock.session.has_ticket)
        return connection.sock.version()
    except (ssl.SSLError, ConnectionError):
        return None
    finally:
        connection.close()
