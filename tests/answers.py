"""What somebody sees who posts a form, to compare what was there before."""

import re

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

_VALUE = re.compile(r"('[^']*'|\d+|\bNULL\b)(::timestamptz)?")
# They follow from the length of a token.
_OF_LENGTH = ("Content-Length", "ETag")


def new_browser():
    """One that nothing is known of, and whose forms come from our own pages."""
    return Client(headers={"sec-fetch-site": "same-origin"})


def seen_after(states, prepare, post, acts):
    """What who posts sees, by what was there before; the first state is nothing.

    `prepare(state)` makes what was there; `post(browser)` sends the form, from
    ada@mail.example; `acts` is the manager of what it stores.
    """
    found = {}
    # What the process learns for good is learnt before.
    for state in [states[0], *states]:
        with transaction.atomic():
            prepare(state)
            found[state] = _all_seen(new_browser(), post, acts)
            transaction.set_rollback(True)
    return found


def _all_seen(client, post, acts):
    """Status, address, headers, page and statements, without each page's own token."""
    with CaptureQueriesContext(connection) as of_post:
        answer = post(client)
    token = acts.latest("pk").confirmation.page_token
    with CaptureQueriesContext(connection) as of_page:
        page = client.get(answer["Location"])
    return {
        "status": answer.status_code,
        "address": answer["Location"].replace(token, "TOKEN"),
        "token": len(token.partition(".")[2]),
        "headers": {**answer.headers, "Location": ""},
        "cookies": [_shape(cookie) for cookie in answer.cookies.values()],
        "body": answer.text,
        "statements": [_VALUE.sub("?", query["sql"]) for query in of_post],
        "page": page.text.replace(token, "TOKEN"),
        "page headers": {k: v for k, v in page.headers.items() if k not in _OF_LENGTH},
        "statements of the page": len(of_page),
    }


def _shape(cookie):
    """A cookie with all that does not follow from the key of its row or the moment."""
    attributes = {**cookie, "expires": bool(cookie["expires"])}
    return cookie.key, len(cookie.value), attributes


def subject(mail):
    """The subject of a mail, without the code that is another one in each question."""
    return without_code(mail["Subject"])


def without_code(subject):
    return re.sub(r":? [Cc]ode \d{6}$", "", subject)
