"""deploy/nginx.conf, in a real nginx, in front of the real gunicorn."""

import os
import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db.models import Sum

from campaigns import page_views
from campaigns.models import PageViews
from petitions.models import Signature
from safeguards.counters import Hits
from tests.deploy.nginx import start_nginx
from tests.deploy.visitor import HOST, ask, sign
from tests.deploy.web import children, free_port, running_gunicorn
from tests.factories import make_petition, prove
from tests.factories import sign as sign_by_hand
from tests.test_architecture import ROOT
from tests.worker import worker_environment

TOKEN = "a-token-of-thirty-two-characters"
NGINX = os.environ.get("NGINX")
SECONDS = 300  # for processes to end, on a machine that does other things
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


@pytest.mark.release
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
    assert (status, headers["Retry-After"]) == (503, "30")
    assert "your browser still has what you typed" in sent


def test_nginx_answers_most_readers_and_counts_each_of_them(tmp_path, wire, settings):
    """The site answers one of them now and then. Programs do not count, as before."""
    make_petition()
    folder = tmp_path / "readers"
    folder.mkdir()
    browser = {"User-Agent": "Mozilla/5.0 Firefox"}
    with running_gunicorn(
        tmp_path,
        DATABASE_URL=wire.carrying(worker_environment(9)["DATABASE_URL"]),
        SITE_URL=f"http://{HOST}",
        READERS=str(folder),
        METRICS_TOKEN=TOKEN,
    ) as gunicorn:
        process, port = start_nginx(NGINX, tmp_path, gunicorn.port)
        began = time.monotonic()
        for number in range(300):
            status, headers, _page = ask(port, f"/campaign-1/?s={number}", **browser)
            assert status == 200
        seconds = time.monotonic() - began
        etag = headers["ETag"]
        ask(port, "/campaign-1/", **browser, **{"If-None-Match": etag})
        ask(port, "/campaign-1/count/", **browser)
        ask(port, "/campaign-1/", **{"User-Agent": "Googlebot/2.1"})
        ask(port, "/campaign-1/", **browser, **{"Sec-Purpose": "prefetch"})
        ask(port, "/campaign-1/nowhere/", **browser)
        ask(port, "/", **browser)
        ask(port, "/campaign-1/", **browser, **{"X-Read-As": "7-campaign"})
        ask(port, "/campaign-1/", **browser, Cookie="supporter=forged")
        numbers = ask(gunicorn.port, "/metrics", Authorization=f"Bearer {TOKEN}")[2]
        process.send_signal(signal.SIGQUIT)
        process.wait(300)

    assert "X-Read-As" not in headers
    assert asked_of_the_site(numbers, "campaigns:campaign") <= 4 + seconds / 5
    # Of minutes that are over, the site has added up the readers already.
    for file in folder.iterdir():
        assert re.fullmatch(r"(\d+-(campaign|count)\n)+", file.read_text())
        file.rename(folder / f"2026-11-25T12:{file.name[14:16]}+00:00")
    settings.READERS = str(folder)
    page_views.store()
    page_views.store()
    found = dict(PageViews.objects.values_list("page").annotate(Sum("number")))
    assert found == {"campaign": 303, "count": 1}
    assert not any(folder.iterdir())


def asked_of_the_site(numbers, view):
    """How many requests for this view the site has answered."""
    lines = re.findall(rf'request_seconds_count\{{.*view="{view}"\}} (\S+)', numbers)
    assert lines, numbers
    return sum(map(float, lines))


def test_nginx_and_the_site_agree_on_what_a_program_is():
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")

    assert f'"~*{page_views.PROGRAMS.pattern}" 1;' in text


def test_nginx_ends_an_idle_connection_before_the_site_does():
    """A form that meets the site's end of it would get the page that it is away."""
    nginx = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    site = (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")
    [ends_after] = re.findall(r"keepalive_timeout (\d+)s;", nginx)
    [waits_for] = re.findall(r"^keepalive = (\d+)$", site, re.M)

    assert int(ends_after) < int(waits_for)


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


@pytest.mark.release
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
    """Behind nginx is no site, which would be told as 503."""
    process, port = start_nginx(NGINX, tmp_path, free_port())
    form, upload = "/campaign-1/signatures/", "/admin/paper/paperbatch/add/"
    large = [
        *((path, 340_000) for path in (form, "/admin/account/login/", "/ko/mine/")),
        *((path, 3_200_000) for path in ("/admin/comments/comment/", "/anymail/x/")),
        (upload, 13_000_000),
        ("/admin/wordpress/wordpressimport/add/", 116_000_000),
    ]
    try:
        for path, size in large:
            assert ask(port, path, b"x" * size)[0] == 413
            assert ask(port, path, b"x" * (size - size // 10))[0] == 503
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(300)


def test_new_code_is_loaded_without_a_moments_break(proxy, gunicorn):
    """ExecReload of the unit: requests that come meanwhile are all answered."""
    make_petition()
    gunicorn.send_signal(signal.SIGUSR2)

    statuses, give_up = [], time.monotonic() + SECONDS
    while gunicorn.poll() is None or len(statuses) < 20:
        assert time.monotonic() < give_up
        statuses.append(sign(proxy, f"p{len(statuses)}@mail.example")[0])
    statuses.append(sign(proxy, "last@mail.example")[0])

    assert set(statuses) == {302}
    assert Signature.objects.count() == len(statuses)


def test_new_code_that_does_not_start_leaves_the_old_one_running(tmp_path):
    make_petition()
    config = tmp_path / "gunicorn.conf.py"
    config.write_text((ROOT / "gunicorn.conf.py").read_text())
    with running_gunicorn(tmp_path, config, SITE_URL=f"http://{HOST}") as web:
        wait_for(lambda: len(children(web.pid)) == 2)
        workers = children(web.pid)
        config.write_text("raise RuntimeError('new code, with a fault')")
        web.send_signal(signal.SIGUSR2)
        [new] = wait_for(lambda: children(web.pid) - workers)
        wait_for(lambda: new not in children(web.pid))

        assert children(web.pid) == workers
        assert sign(web.port, "ada@mail.example")[0] == 302


def wait_for(question):
    """Ask until the answer is yes, and return it."""
    give_up = time.monotonic() + SECONDS
    while not (answer := question()):
        assert time.monotonic() < give_up
    return answer
