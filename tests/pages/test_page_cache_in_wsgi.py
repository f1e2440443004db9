"""A fresh page is answered in front of the WSGI application, as Django would."""

from wsgiref.util import setup_testing_defaults

import pytest

from campaign_site.wsgi import application
from pages import page_cache
from tests.factories import make_campaign, make_letter


def read(path, **headers):
    environ = {"HTTP_HOST": "testserver", "PATH_INFO": path, **headers}
    setup_testing_defaults(environ)
    answers = []
    response = application(environ, lambda *answer: answers.append(answer))
    [(status, sent)] = answers
    body = b"".join(response)
    getattr(response, "close", lambda: None)()
    return status, dict(sent), body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_a_hit_is_what_was_answered_first(monkeypatch, encoding):
    make_campaign(title="Bucheon")
    first = read("/campaign-1/", HTTP_ACCEPT_ENCODING=encoding)
    monkeypatch.setattr(
        page_cache.PageCacheMiddleware, "__call__", None
    )  # nothing gets past

    hit = read("/campaign-1/", HTTP_ACCEPT_ENCODING=encoding)

    assert hit == first
    assert first[0] == "200 OK"
    assert first[1].get("Content-Encoding", "") == encoding


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "", "[", "x" * 300, "a b", "é"]
)
def test_a_foreign_host_gets_no_page_and_no_line_in_the_log(host, capfd, caplog):
    make_campaign()
    page = read("/campaign-1/")
    foreign = [
        read("/campaign-1/", HTTP_HOST=host),
        read("/campaign-1/", HTTP_HOST=host, REQUEST_METHOD="HEAD"),
        read("/campaign-1/", HTTP_HOST=host, HTTP_IF_NONE_MATCH=page[1]["ETag"]),
        read("/admin/", HTTP_HOST=host),
        read("/nowhere/", HTTP_HOST=host, REQUEST_METHOD="POST"),
    ]

    assert page[0] == "200 OK"
    assert {status for status, _headers, _body in foreign} == {"400 Bad Request"}
    assert foreign[0][2] == b"This site has another address.\n"
    assert (capfd.readouterr().err, caplog.records) == ("", [])


@pytest.mark.django_db(transaction=True)
def test_the_sites_own_name_may_have_a_port_and_capital_letters():
    make_campaign()

    for host in ("testserver:8000", "TestServer", "testserver."):
        assert read("/campaign-1/", HTTP_HOST=host)[0] == "200 OK"


@pytest.mark.django_db(transaction=True)
def test_a_known_page_is_still_304_and_a_form_still_reaches_its_view():
    make_campaign()
    etag = read("/campaign-1/")[1]["ETag"]

    assert read("/campaign-1/", HTTP_IF_NONE_MATCH=etag)[0] == "304 Not Modified"
    assert read("/campaign-1/", REQUEST_METHOD="HEAD")[0] == "200 OK"
    assert read("/campaign-1/", REQUEST_METHOD="PUT")[0].startswith("405")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/부천/", "/Zürich/", "/%ff/", "/\udc80/"])
def test_a_path_in_any_script_is_an_address_that_is_not_there(path):
    status, _headers, body = read(
        path.encode(errors="surrogateescape").decode("latin-1")
    )

    assert status == "404 Not Found"
    assert '<header class="site-header">' in body.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/campaign-1/", "/campaign-1/letter/", "/nowhere/"])
def test_head_has_no_body_that_a_server_would_complain_of(path):
    make_letter(make_campaign(title="Bucheon"))

    status, headers, body = read(path, REQUEST_METHOD="HEAD")

    assert body == b""
    assert (status, headers) == read(path)[:2]
    assert int(headers["Content-Length"]) > 500
