"""deploy/nginx.conf, in a real nginx, in front of the real gunicorn."""

import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from campaigns.models import PageViews
from petitions.models import Signature
from safeguards.counters import Hits
from tests.deploy.nginx import start_nginx
from tests.deploy.visitor import HOST, ask, sign
from tests.deploy.web import free_port
from tests.factories import make_petition, prove
from tests.factories import sign as sign_by_hand

NGINX = os.environ.get("NGINX")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX, reason="there is no nginx on this machine"),
]


@pytest.fixture
def proxy(gunicorn, tmp_path):
    """The port of an nginx with our file, as far as this machine is the server."""
    process, port = start_nginx(NGINX, tmp_path, gunicorn.port)
    yield port
    process.send_signal(signal.SIGQUIT)
    process.wait(300)


@pytest.mark.long
def test_readers_keep_reading_while_the_site_is_away(proxy, gunicorn):
    make_petition()
    status, headers, page = ask(proxy, "/campaign-1/?fbclid=1")
    assert (status, "I ask the council to help." in page) == (200, True)
    assert "Set-Cookie" not in headers
    # What a proxy answers from its cache would be counted by nobody.
    for number in range(12):
        ask(proxy, f"/campaign-1/?s={number}", **{"User-Agent": "Mozilla/5.0 Firefox"})

    gunicorn.terminate()
    gunicorn.wait(300)
    [views] = PageViews.objects.all()
    assert (views.page, views.number) == ("campaign", 12)

    status, _headers, again = ask(proxy, "/campaign-1/?fbclid=2")
    assert (status, again) == (200, page)
    status, headers, sent = sign(proxy, "ada@mail.example")
    assert (status, headers["Retry-After"]) == (502, "30")
    assert "your browser still has what you typed" in sent


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


@pytest.mark.long
def test_a_known_browser_gets_its_own_form_and_nobody_else_does(proxy, client):
    """On the home page, too, which nginx answers without asking the site."""
    signature = sign_by_hand(make_petition())
    signature.confirm()
    prove(client, signature)
    cookie = client.cookies.output(header="", sep=";")
    everybodys = ask(proxy, "/")[2]

    _status, headers, known = ask(proxy, "/", Cookie=cookie)

    assert headers["Cache-Control"] == "private, no-store"
    assert "a…@mail.example" in known
    assert "a…@mail.example" not in everybodys + ask(proxy, "/")[2]


@pytest.mark.long
def test_a_former_address_leads_on_with_each_readers_own_query(proxy):
    campaign = make_petition().campaign
    campaign.slug = "bucheon"
    campaign.save()

    ways = [ask(proxy, f"/campaign-1/{query}") for query in ("?s=ada", "?s=bo", "")]

    assert [(status, headers["Location"]) for status, headers, _page in ways] == [
        (301, "/bucheon/?s=ada"),
        (301, "/bucheon/?s=bo"),
        (301, "/bucheon/"),
    ]


@pytest.mark.long
def test_readers_of_a_page_that_is_never_kept_do_not_wait_for_each_other(tmp_path):
    """Each gets an answer only when all four have reached the site."""
    together = threading.Barrier(4, timeout=30)

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            together.wait()
            self.send_response(200)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        process, port = start_nginx(NGINX, tmp_path, site.server_port)
        with ThreadPoolExecutor(4) as readers:
            answers = list(readers.map(lambda _n: ask(port, "/a/letter/"), range(4)))
        process.send_signal(signal.SIGQUIT)
        process.wait(300)
        site.shutdown()

    assert [status for status, _headers, _page in answers] == [200] * 4


@pytest.mark.long
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
        connection.settimeout(300)
        answer = connection.recv(1000)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
        connection.close()


def test_a_body_that_is_too_large_gets_no_further(tmp_path):
    """Behind nginx is no site, which would be told as 502."""
    process, port = start_nginx(NGINX, tmp_path, free_port())
    try:
        assert ask(port, "/campaign-1/signatures/", b"x" * 13_000_000)[0] == 413
        assert ask(port, "/campaign-1/signatures/", b"x")[0] == 502
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(300)


@pytest.mark.long
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
