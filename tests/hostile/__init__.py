"""Input that nobody means well, the forms that get it, and what must not be left."""

import html
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from posixpath import normpath
from urllib.parse import quote_plus

from django.apps import apps
from django.db import connection, transaction

from letters.models import OfficialVisit
from petitions.models import Signature
from supporters.models import Visit
from tests.factories import ADA

MARKUP = '"><script>alert(1)</script>'
URLENCODED = "application/x-www-form-urlencoded"
# What each does is in its name; bytes go out as they are, percent-encoded.
VALUES = {
    "missing": None,
    "blank": "",
    "spaces": " " * 100,
    "64 KB": "x" * 64 * 1024,
    "1 MB": "x" * 1_000_000,
    "NUL": "Ada\x00Lovelace",
    "U+FFFD": "Ada\ufffd",
    "%ff": b"Ada\xff\xfe",
    "lone surrogate": b"Ada\xed\xa0\x80",
    "overlong slash": b"Ada\xc0\xaf",
    "CRLF": "Ada\r\nX-Injected: 1",
    "line separator": "Ada\u2028X-Injected: 1",
    "right-to-left override": "Ada\u202egpj.exe",
    "isolate": "Ada\u2066x\u2069",
    "escape": "Ada\x1b[31m",
    "markup": MARKUP,
    "template": "{{ settings.SECRET_KEY }}{% debug %}%(x)s${7*7}",
    "emoji": "🐕🏽‍🦺" * 9,
    "SQL": "'; DROP TABLE petitions_signature; --",
}
HIDDEN = {
    "NUL",
    "U+FFFD",
    "%ff",
    "lone surrogate",
    "overlong slash",
    "right-to-left override",
    "isolate",
    "escape",
}
OF_TWO_LINES = {"CRLF", "line separator"}
REFUSED = {
    "line": HIDDEN | OF_TWO_LINES | {"64 KB"},
    "text": HIDDEN | {"64 KB"},
    "address": set(VALUES) - {"1 MB"},
    "country": set(VALUES) - {"1 MB"},
    "code": set(VALUES) - {"1 MB"},
    "choice": set(VALUES) - {"1 MB"},
    "optional choice": set(VALUES) - {"1 MB", "missing", "blank"},
    "foreign": set(VALUES) - {"1 MB", "missing", "blank"},
    "comment": HIDDEN | {"missing", "blank", "spaces", "64 KB"},
    "box": set(),
    "trap": set(),
}
# What people typed and see again; a choice and a tick are not typed.
TYPED = {"line", "text", "address", "code", "comment"}


@dataclass
class Form:
    """A public form: where it goes, what fills it, what each field is."""

    name: str
    path: str
    fields: dict = field(default_factory=dict)
    good: dict = field(default_factory=dict)
    # The answer to the form when it is filled in well.
    usual: int = 302


SHOWN_AS = {"shown_as": "optional choice", "shown_name": "line"}
SIGN_FIELDS = {
    "name": "line",
    "email": "address",
    "city": "line",
    "country": "country",
    **SHOWN_AS,
    "website": "trap",
}
LETTER_FIELDS = {
    "name": "line",
    "place": "line",
    "own_words": "text",
    "subject": "line",
    "body": "text",
}
LETTER = {
    "name": "Ada",
    "place": "London",
    "own_words": "Please.",
    "subject": "Help",
    "body": "Dear all:\r\n\r\n[Your Name & City/Country]",
}
COMMENT_FIELDS = {
    "name": "line",
    "email": "address",
    "text": "comment",
    "wants_news": "box",
    "wants_replies": "box",
    "parent": "foreign",
    "website": "trap",
}
FOLLOW_FIELDS = {
    "email": "address",
    "frequency": "choice",
    "everything": "box",
    "website": "trap",
}
FOLLOW = {"email": "ada@mail.example", "frequency": "weekly"}
TEXT_FIELDS = {"text": "comment"}
COMMENT = {"name": "Ada", "email": "ada@mail.example", "text": "Please help."}
WORDS = {"words": "It is not."}
FORMS = {
    form.name: form
    for form in (
        Form("sign", "signatures/", SIGN_FIELDS, {**ADA, "shown_as": "full"}),
        Form(
            "code",
            "signatures/{page}/code/",
            {"code": "code", "own_device": "box"},
            {"code": "123456"},
            422,
        ),
        Form(
            "mail",
            "signatures/{page}/mail/",
            {"email": "address"},
            {"email": "a@b.example"},
        ),
        Form("confirmation", "signatures/{mail}/confirmation/", {"own_device": "box"}),
        Form("withdrawal", "signatures/{key}/withdrawal/", {}, {}, 200),
        Form("preview", "letter/", LETTER_FIELDS, {**LETTER, "preview": ""}, 200),
        Form(
            "draft",
            "letter/",
            {"name": "line", "subject": "line"},
            {**LETTER, "draft": ""},
            200,
        ),
        Form("sent", "letter/", {}, {**LETTER, "way": "app", "sent": ""}),
        Form("comment", "comments/", COMMENT_FIELDS, COMMENT),
        Form("edit", "comments/{waiting}/text/", TEXT_FIELDS, COMMENT),
        Form("resubmit", "comments/writer/{writer}/text/", TEXT_FIELDS, COMMENT),
        Form("appeal", "comments/writer/{writer}/appeal/", {"words": "comment"}, WORDS),
        Form("my page", "/mine/", {"email": "address"}, {"email": "a@b.example"}),
        Form(
            "my page code",
            "/mine/{asked}/code/",
            {"code": "code", "own_device": "box"},
            {"code": "123456"},
            422,
        ),
        Form(
            "my signature",
            "/mine/{visit}/signatures/{mine}/",
            {"name": "line", "city": "line", "country": "country", **SHOWN_AS},
            {**ADA, "shown_as": "full"},
        ),
        Form(
            "report",
            "comments/{shown}/report/",
            {"reason": "choice", "words": "text"},
            {"reason": "hate", **WORDS},
        ),
        Form(
            "notice",
            "/notices/",
            {"law": "choice", "words": "comment", "name": "line", "email": "address"},
            {
                "location": "/campaign-1/",
                "law": "other",
                "name": "Ada",
                "email": "ada@mail.example",
                "is_true": "on",
                **WORDS,
            },
        ),
        Form("follow", "follows/", FOLLOW_FIELDS, FOLLOW),
        Form("official", "/officials/{official}/"),
        Form(
            "rhythm",
            "/officials/page/{reading}/rhythm/",
            {"rhythm": "choice"},
            {"rhythm": "weekly"},
        ),
        Form(
            "new address",
            "/officials/page/{reading}/address/",
            {"email": "address"},
            {"email": "a@b.example"},
        ),
        Form(
            "answer to all",
            "/officials/page/{reading}/letters/{written}/answer/",
            TEXT_FIELDS,
            {"text": "Yes.", "sure": "yes"},
        ),
        Form(
            "follow all",
            "../follows/",
            {"email": "address", "frequency": "choice"},
            FOLLOW,
        ),
    )
}


def path_of(form, signature):
    """The address of a form in the campaign of this pending signature, or of my page.

    The campaign has a comment that waits, one that shows and one that is hidden.
    """
    confirmation = signature.confirmation
    waiting, shown, hidden = signature.petition.campaign.comments.order_by("pk")[:3]
    start = "" if form.path[0] == "/" else f"/{signature.petition.campaign.slug}/"
    asked, visit = Visit.objects.order_by("pk")[:2]
    reading = OfficialVisit.objects.get()
    path = start + form.path.format(
        page=confirmation.page_token,
        mail=confirmation.link_key,
        key=signature.withdrawal_key,
        waiting=waiting.confirmation.page_token,
        writer=hidden.mail_key,
        shown=shown.pk,
        asked=asked.key,
        visit=visit.key,
        official=reading.recipient.page_key,
        reading=reading.key,
        written=signature.petition.campaign.letter.pk,
        mine=Signature.objects.of_supporter(visit.supporter).get().pk,
    )
    return normpath(path) + "/"


def urlencoded(data):
    """A body whose values may be any bytes; a value of None is left out."""
    return "&".join(
        f"{name}={quote_plus(value)}"
        for name, value in data.items()
        if value is not None
    ).encode()


def as_read(value):
    """A value as the server reads it: UTF-8, what is not replaced."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return value or ""


def row_counts():
    """How many rows each model has, the queue included; counters are there to count."""
    with connection.cursor() as cursor:
        cursor.execute(_counts())
        return dict(cursor.fetchall())


@cache
def _counts():
    return " UNION ALL ".join(
        f"SELECT '{model._meta.label}', count(*) FROM {model._meta.db_table}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label != "safeguards.Hits"
    )


@contextmanager
def undone():
    """What is done within leaves nothing in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def assert_is_clear_page(response, *statuses):
    """A page of ours that says what to do, and holds no markup that was sent."""
    assert response.status_code in statuses
    assert MARKUP not in response.text
    assert "Traceback" not in response.text
    assert not any("Injected" in name for name in response.headers)
    if response.status_code not in (302, 301):
        assert '<header class="site-header">' in response.text
        assert "<h1" in response.text


def shows(response, text):
    """Whether a page has this text, escaped as in an attribute or between tags."""
    return html.escape(text, quote=True) in response.text
