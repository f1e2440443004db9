"""Every public address with the wrong type, charset, verb, token or time."""

from functools import partial
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from campaign_site.wsgi import Request, application
from tests.factories import ADA, make_petition
from tests.hostile import (
    FORMS,
    LETTER,
    URLENCODED,
    assert_is_clear_page,
    path_of,
    row_counts,
    urlencoded,
)

pytestmark = pytest.mark.django_db
NEEDS_WORDS = [n for n in FORMS if n not in ("confirmation", "withdrawal", "official")]
BODIES = {
    "JSON": ("application/json", b'{"name": "Ada", "email": "ada@mail.example"}'),
    "broken JSON": ("application/json", b"{"),
    "XML": (
        "application/xml",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    ),
    "text": ("text/plain", b"name=Ada"),
    "no type": ("", b"name=Ada"),
    "nonsense": (';;;="', b"name=Ada"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\nAda\r\n--x--\r\n"),
    "empty boundary": ("multipart/form-data; boundary=", b"----\r\n"),
    "51 parts": (
        MULTIPART_CONTENT,
        encode_multipart(BOUNDARY, {f"f{n}": "1" for n in range(51)}),
    ),
    "51 fields, and a boundary": (
        f"{URLENCODED}; boundary=x",
        b"&".join(b"f%d=1" % n for n in range(52)),
    ),
    "odd boundary": ("multipart/form-data; boundary=\x7f\xe9", b"--\r\n"),
    "long boundary": (f"multipart/form-data; boundary={'b' * 300}", b"--b\r\n"),
    "another boundary": ("multipart/form-data; boundary=x", b"--y\r\n\r\nAda\r\n--y--"),
    "cut short": (
        MULTIPART_CONTENT,
        f"--{BOUNDARY}\r\nContent-Disposition: form-d".encode(),
    ),
    "bad base64": (
        MULTIPART_CONTENT,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="name"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--{BOUNDARY}--\r\n".encode(),
    ),
    "only &": (URLENCODED, b"&" * 5000),
    "only =": (URLENCODED, b"=" * 5000),
    "a percent sign alone": (URLENCODED, b"name=50% off"),
    "bytes": (URLENCODED, bytes(range(256))),
    "1001 fields": (URLENCODED, b"&".join(b"f%d=1" % n for n in range(1001))),
    "one name 300 KB": (URLENCODED, b"n" * 300_000),
}
CHARSETS = [
    "utf-8",
    "utf-16",
    "utf-32",
    "utf-7",
    "latin-1",
    "idna",
    "punycode",
    "base64",
    "hex",
    "rot13",
    "zlib",
    "bz2",
    "undefined",
    "unicode_escape",
    "unknown-8bit",
    "x" * 5000,
    "",
    "ünknown",
]
PAGES = ["", "signatures/", "signatures/thanks/", "letter/", "letter/sent/"]


def test_a_body_that_is_no_form_gets_a_clear_page(client, pending, trying):
    before = row_counts()
    for name in NEEDS_WORDS:
        path = path_of(FORMS[name], pending)
        for body, (kind, content) in BODIES.items():
            with trying(form=name, body=body):
                response = client.generic("POST", path, content, kind)
                assert_is_clear_page(response, 400, 413, 422)
                assert row_counts() == before


def test_an_odd_charset_gets_a_clear_page_or_is_utf_8(client, pending, trying):
    """Each form sends two of them, each is sent by several forms and in both kinds.

    The charset is read before anything knows which form it is.
    """
    for index, (name, form) in enumerate(FORMS.items()):
        bodies = [
            (URLENCODED, urlencoded(form.good)),
            (MULTIPART_CONTENT, encode_multipart(BOUNDARY, form.good)),
        ]
        for half, (kind, body) in enumerate(bodies):
            charset = CHARSETS[(index + half * (len(CHARSETS) // 2)) % len(CHARSETS)]
            with trying(form=name, charset=charset, kind=kind):
                named = f"{kind}; charset={charset}"
                path = path_of(form, pending)
                response = client.generic("POST", path, body, named)
                if response.headers["Content-Type"] != "message/rfc822":
                    assert_is_clear_page(response, form.usual, 400, 410, 422)


@pytest.mark.parametrize("kind", [URLENCODED, MULTIPART_CONTENT])
def test_more_fields_than_any_form_has_are_counted_and_not_parsed(client, kind):
    """A thousand parts took as long as six signatures, in every public form."""
    make_petition()
    posted = {**ADA, **{f"f{n}": "1" for n in range(48)}}
    body = urlencoded if kind == URLENCODED else partial(encode_multipart, BOUNDARY)
    path = "/campaign-1/signatures/"

    refused = client.generic("POST", path, body(posted), kind)
    taken = client.generic("POST", path, body({**ADA, "f": "1"}), kind)

    assert_is_clear_page(refused, 400)
    assert taken.status_code == 302
    assert not hasattr(refused.wsgi_request, "_post")


@pytest.mark.parametrize("named", ["charset=", "charset*=utf-8''", "CHARSET *=x''"])
def test_no_charset_is_believed_however_it_is_named(named):
    """100 KB of "0" in punycode, named as RFC 2231 allows, took a second."""
    body = encode_multipart(BOUNDARY, {"name": "Ada-0000"})
    kind = f"{MULTIPART_CONTENT}; {named}punycode"

    request = Request(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "PATH_INFO": "/",
            "wsgi.input": BytesIO(body),
        }
    )

    assert request.encoding is None
    assert request.POST["name"] == "Ada-0000"


@pytest.mark.django_db(transaction=True)
def test_reading_with_an_odd_charset_is_reading(pending):
    """Through the whole WSGI application, which reads the charset before all else."""
    inbox = f"/campaign-1/signatures/{pending.confirmation.page_token}/"

    for charset in CHARSETS:
        for path in ("/campaign-1/", "/campaign-1/letter/", inbox):
            kind = f"text/plain; charset={charset}"
            status, body = read(path, "again=1&page=1", kind)
            assert status in ("200 OK", "400 Bad Request")
            assert '<header class="site-header">' in body


def read(path, query, content_type):
    return answer(
        {
            "HTTP_HOST": "testserver",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": content_type.encode().decode("latin-1"),
        }
    )


def answer(environ):
    """Status line and text that the whole WSGI application answers with."""
    setup_testing_defaults(environ)
    answers = []
    body = application(environ, lambda status, headers: answers.append(status))
    return answers[0], b"".join(body).decode()


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"f{n}=1" for n in range(1001)),
        "&" * 1500,
        "%ff=%fe&%00",
        "=&=&;",
        "[]",
    ],
)
def test_reading_with_an_odd_query_is_reading(client, pending, query):
    inbox = f"/campaign-1/signatures/{pending.confirmation.page_token}/"

    for path in ["/", inbox, *[f"/campaign-1/{page}" for page in PAGES]]:
        assert_is_clear_page(client.generic("GET", f"{path}?{query}"), 200, 400)


def test_a_file_in_the_place_of_a_text_is_a_text_that_is_missing(client, pending):
    before = row_counts()
    file = SimpleUploadedFile("../../name.txt", b"Ada")

    response = client.post("/campaign-1/signatures/", {"name": file})

    assert_is_clear_page(response, 422)
    assert row_counts() == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_verb_gets_a_page_that_says_so(client, pending, method):
    before = row_counts()
    paths = [path_of(form, pending) for form in FORMS.values()]
    inbox = f"/campaign-1/signatures/{pending.confirmation.page_token}/"
    paths += ["/", "/privacy/", "/sitemap.xml", "/robots.txt", inbox]

    for path in [*paths, *[f"/campaign-1/{page}" for page in PAGES]]:
        response = client.generic(method, path, urlencoded(LETTER), URLENCODED)
        assert_is_clear_page(response, 405)
    assert row_counts() == before


@pytest.mark.parametrize("path", ["/", "/campaign-1/", "/privacy/", "/robots.txt"])
def test_a_post_to_a_page_without_a_form_gets_a_page(client, pending, path):
    response = client.generic("POST", path, b"a=b", URLENCODED)

    assert_is_clear_page(response, 405)


@pytest.mark.parametrize("name", ["code", "mail"])
def test_what_is_only_posted_to_leads_to_its_page_and_does_nothing(
    client, pending, name
):
    path, before = path_of(FORMS[name], pending), row_counts()

    page, head = client.get(path), client.head(path)

    assert page["Location"] == head["Location"] == pending.inbox_url
    assert (page.status_code, head.status_code, head.content) == (302, 302, b"")
    assert row_counts() == before


@pytest.mark.django_db(transaction=True)
def test_a_multipart_body_that_cannot_be_read_is_a_bad_request_everywhere():
    """Also where Django reads it before any view: a form that needs a login."""
    body = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\nx\r\n--b--\r\n'
    environ = {
        "REQUEST_METHOD": "POST",
        "HTTP_HOST": "testserver",
        "PATH_INFO": "/admin/account/login/",
        "CONTENT_TYPE": f"multipart/form-data; boundary=b; charset={'x' * 10_000}",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": f"csrftoken={'a' * 32}",
        "wsgi.input": BytesIO(body),
    }

    status, page = answer(environ)

    assert status == "400 Bad Request"
    assert '<header class="site-header">' in page
