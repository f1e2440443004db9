"""deploy/nginx.conf, in a real nginx, in front of the real gunicorn."""

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import pytest
from django.conf import settings

from campaign_site.limits import Hits
from petitions.models import Signature
from tests.deploy.web import running_gunicorn
from tests.factories import ADA, make_petition
from tests.test_architecture import ROOT

NGINX = os.environ.get("NGINX")
HOST = "campaigns.example.org"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX, reason="there is no nginx on this machine"),
]


@pytest.fixture
def gunicorn(tmp_path):
    with running_gunicorn(tmp_path, SITE_URL=f"http://{HOST}") as process:
        yield process


@pytest.fixture
def proxy(gunicorn, tmp_path):
    """The port of an nginx with our file, as far as this machine is the server."""
    inherited = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = inherited.getsockname()[1]
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.S)
    text = re.sub(r"^\s+ssl_.*\n", "", text, flags=re.M)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{gunicorn.port}")
    text = text.replace("/var/cache/nginx/campaigns", str(tmp_path / "cache"))
    text = text.replace("client_header_timeout 10s", "client_header_timeout 1s")
    text = text.replace("client_body_timeout 10s", "client_body_timeout 1s")
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = tmp_path / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    file.write_text(
        f"{user}daemon off;\npid {tmp_path}/nginx.pid;\nevents {{}}\n"
        f"http {{\n{places}{text}\n}}\n"
    )
    process = subprocess.Popen(
        [
            NGINX,
            "-e",
            str(tmp_path / "nginx.log"),
            "-p",
            str(tmp_path),
            "-c",
            str(file),
        ],
        # How a new nginx takes over the sockets of the old one.
        env=os.environ | {"NGINX": f"{inherited.fileno()};"},
        pass_fds=[inherited.fileno()],
    )
    inherited.close()
    yield port
    process.send_signal(signal.SIGQUIT)
    process.wait(30)


def ask(port, path, data=None, **headers):
    """Status, headers and body of the proxy's answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data, {"Host": HOST, **headers}
    )
    try:
        answer = urllib.request.build_opener(NoRedirect).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def sign(port, email, **headers):
    form = urllib.parse.urlencode({**ADA, "email": email}).encode()
    headers["Sec-Fetch-Site"] = "same-origin"
    return ask(port, "/campaign-1/signatures/", form, **headers)


def test_readers_keep_reading_while_the_site_is_away(proxy, gunicorn):
    make_petition()
    status, headers, page = ask(proxy, "/campaign-1/?fbclid=1")
    assert (status, "I ask the council to help." in page) == (200, True)
    assert "Set-Cookie" not in headers

    gunicorn.terminate()
    gunicorn.wait(30)

    status, _headers, again = ask(proxy, "/campaign-1/?fbclid=2")
    assert (status, again) == (200, page)
    assert ask(proxy, "/campaign-1/letter/")[0] == 502


def test_who_forges_the_header_is_counted_by_the_address_that_nginx_saw(proxy):
    make_petition()
    answers = [
        sign(proxy, f"p{n}@mail.example", **{"X-Forwarded-For": f"203.0.{n}.7"})
        for n in range(3)
    ]

    assert [status for status, _headers, _page in answers] == [302] * 3
    assert Signature.objects.count() == 3
    # One network: a counter of the minute, one of the hour, one of the mail domain.
    assert set(Hits.objects.values_list("count", flat=True)) == {3}


def test_a_slow_client_holds_nobody_up_and_is_cut_off(proxy):
    make_petition()
    slow = [socket.create_connection(("127.0.0.1", proxy)) for _ in range(20)]
    for connection in slow[:10]:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
    for connection in slow[10:]:
        connection.sendall(
            f"POST /campaign-1/signatures/ HTTP/1.1\r\nHost: {HOST}\r\n"
            "Content-Length: 1000\r\n\r\nname=".encode()
        )

    # More of them than the site has threads; everybody else is served.
    status, _headers, _page = ask(proxy, "/campaign-1/letter/sent/")
    signed, _headers, _page = sign(proxy, "ada@mail.example")

    assert (status, signed) == (404, 302)
    for connection in slow:
        connection.settimeout(20)
        answer = connection.recv(1000)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
        connection.close()


def test_a_body_that_is_too_large_gets_no_further(proxy):
    make_petition()

    assert ask(proxy, "/campaign-1/signatures/", b"x" * 13_000_000)[0] == 413


def test_new_code_is_loaded_without_a_moments_break(proxy, gunicorn):
    """ExecReload of the unit: requests that come meanwhile are all answered."""
    make_petition()
    before = children(gunicorn.pid)
    gunicorn.send_signal(signal.SIGHUP)

    statuses = []
    for number in range(200):
        statuses.append(sign(proxy, f"p{number}@mail.example")[0])
        if not before & children(gunicorn.pid) and number > 20:
            break

    assert not before & children(gunicorn.pid)
    assert set(statuses) == {302}
    assert Signature.objects.count() == len(statuses)


def children(pid):
    return set((settings.ROOT / f"/proc/{pid}/task/{pid}/children").read_text().split())
