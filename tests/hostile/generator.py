"""Requests that nobody would think of, for every address that the site answers.

A run is the same each time and looks at a few. HOSTILE_TIMES=100 bin/test tests/hostile
looks at a hundred times as many, other ones each time.
"""

import json
import os
import re
from io import BytesIO
from urllib.parse import quote, urlencode
from zlib import crc32

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from campaign_site.wsgi import application
from tests.hostile import FORMS, MARKUP, VALUES, as_read, undone

TIMES = int(os.environ.get("HOSTILE_TIMES", "1"))
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def look_at(addresses, known, number, **headers):
    """Send this many requests to these addresses, and undo what each has done."""

    @settings(
        max_examples=number * TIMES,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(environ=requests(addresses, known))
    def check(environ):
        with undone():
            assert_holds(environ | headers)

    if TIMES == 1:  # the same each time, and for each address others
        check = seed(crc32(repr(addresses).encode()))(check)
    check()


def routes(patterns=None, before=""):
    """Every address, with its arguments as <name>."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = before + _written(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here


def _written(pattern):
    if isinstance(pattern, LocalePrefixPattern):
        return ""
    if isinstance(pattern, RoutePattern):
        return ARGUMENT.sub(r"<\1>", pattern._route)
    return GROUP.sub(r"<\1>", pattern.regex.pattern).strip("^$").replace("\\.", ".")


ODD = [as_read(value)[:300] for name, value in VALUES.items() if value is not None] + [
    "../../etc/passwd",
    "%",
    "%00",
    "\x00",
    "9" * 40,
    "-1",
    "1e9",
    "١",
    ".",
    "ſ",
    "ﬃ",
]
odd_text = st.sampled_from(ODD) | st.text(max_size=60)
# What a server passes on of a header: no line break and no NUL, each byte a character.
header = st.one_of(
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=80),
    st.sampled_from(
        ["", MARKUP, "x" * 8000, ",;=" * 500, '"', "\xff", "null", "*", "bytes=0-"]
    ),
)
HEADERS = [
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_AUTHORIZATION",
    "HTTP_COOKIE",
    "HTTP_FORWARDED",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ORIGIN",
    "HTTP_RANGE",
    "HTTP_REFERER",
    "HTTP_USER_AGENT",
    "HTTP_X_CSRFTOKEN",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_HTTP_METHOD_OVERRIDE",
    "HTTP_X_REQUESTED_WITH",
    "REMOTE_ADDR",
]
CHARSETS = ["utf-7", "utf-16", "cp037", "x" * 10_000, "idna", "base64", "none", "é"]
charset = st.sampled_from(["", *(f"; charset={name}" for name in CHARSETS)])
NAMES = sorted(
    {field for form in FORMS.values() for field in form.fields}
    | {
        "preview",
        "draft",
        "sent",
        "again",
        "page",
        "q",
        "o",
        "p",
        "e",
        "next",
        "action",
    }
    | {"select_across", "index", "newest", "_selected_action", "form-TOTAL_FORMS"}
    | {"decision", "chosen", "csrfmiddlewaretoken", "file", "text", "login", "password"}
)
fields = st.lists(st.tuples(st.sampled_from(NAMES) | odd_text, odd_text), max_size=6)


@st.composite
def _deep_json(draw):
    start, end = draw(st.sampled_from([("[", "]"), ('{"a":', "}")]))
    depth = draw(st.sampled_from([1, 900, 30_000]))
    return "application/json", (start * depth + "1" + end * depth).encode()


@st.composite
def _multipart(draw):
    """A multipart body whose parts, headers and boundaries do not fit together."""
    boundary = draw(st.sampled_from(["b", "b" * 200, "b b", "é", ""]))
    body = b""
    for name, value in draw(fields):
        disposition = draw(
            st.sampled_from(
                [
                    f'form-data; name="{name}"',
                    f'form-data; name="{name}"; filename="{value}"',
                    f"form-data; name*=utf-8''{quote(name, errors='replace')}",
                    "form-data; name*=cp037''x; filename*=idna''%ff",
                    "attachment",
                    value,
                ]
            )
        )
        extra = draw(
            st.sampled_from(
                ["", "Content-Transfer-Encoding: base64\r\n", "X: " + "x" * 2000]
            )
        )
        text = (
            f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{extra}\r\n{value}"
        )
        body += text.encode(errors="replace") + draw(st.sampled_from([b"\r\n", b""]))
    body += draw(st.sampled_from([b"", f"--{boundary}--\r\n".encode(), b"--", b"\xff"]))
    kind = f"multipart/form-data; boundary={boundary}{draw(charset)}"
    return kind, body


@st.composite
def _form(draw):
    kind = f"application/x-www-form-urlencoded{draw(charset)}"
    return kind, urlencode(draw(fields), errors="replace").encode()


bodies = st.one_of(
    _form(),
    _multipart(),
    _deep_json(),
    st.tuples(header, st.binary(max_size=200)),
)
queries = st.one_of(
    st.just(""),
    fields.map(lambda pairs: urlencode(pairs, errors="replace")),
    st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")),
)


@st.composite
def requests(draw, addresses, known):
    """One request to one of these addresses: its path, method, headers and body.

    `known` names what leads on: for an argument, values that open something.
    """

    def argument(match):
        real = st.sampled_from(known.get(match[1], ["1"]))
        return draw(st.one_of(real, real, odd_text))

    route = draw(st.sampled_from(addresses))
    headers = draw(
        st.fixed_dictionaries({}, optional=dict.fromkeys(HEADERS, header)).filter(bool)
        | st.just({})
    )
    kind, body = draw(bodies)
    return {
        "REQUEST_METHOD": draw(st.sampled_from(["GET", "POST", "POST", "HEAD", "PUT"])),
        "PATH_INFO": _as_wsgi("/" + ARGUMENT.sub(argument, route)),
        "QUERY_STRING": draw(queries),
        "CONTENT_TYPE": _as_wsgi(kind),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "testserver",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        **headers,
    }


def _as_wsgi(text):
    return text.encode(errors="surrogatepass").decode("latin-1")


def ask(environ):
    """What the whole application answers: status, headers, body."""
    answers = []
    body = application(environ, lambda *answer: answers.append(answer))
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    [(status, headers)] = answers
    return int(status[:3]), headers, content.decode(errors="replace")


# What may be framed stands below this (pages/framed.py); tests/hostile/test_frames.py
# has the list.
EMBEDDED = "/embed/"


def assert_holds(environ):
    """No fault, no page that gives back what was sent, no header of somebody else's."""
    status, headers, page = ask(environ)
    said = json.dumps({k: str(v)[:300] for k, v in environ.items()}, ensure_ascii=False)
    assert status < 500, said
    assert "Traceback" not in page, said
    kinds = [value for name, value in headers if name.lower() == "content-type"]
    if not kinds or "html" in kinds[0] or "xml" in kinds[0]:
        assert MARKUP not in page, said
        policy = dict(headers).get("Content-Security-Policy", "")
        is_ours = "frame-ancestors 'none'" in policy or "'self'; object-src" in policy
        assert is_ours or EMBEDDED in environ["PATH_INFO"] or status == 400, said
    for name, value in headers:
        assert not set("\r\n\0") & set(name + value), said
        assert "injected" not in name.lower(), said
