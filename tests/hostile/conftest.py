import logging
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from letters.models import OfficialVisit
from letters.officials import access
from supporters.models import Visit
from supporters.my_page import browser
from tests.factories import (
    LETTER,
    make_comment,
    make_letter,
    make_petition,
    make_stance,
    sign,
    write_comment,
)
from tests.hostile import undone
from tests.letters.makers import confirmed


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.LIMIT_POSTS_A_MINUTE = settings.LIMIT_ACTS_BEFORE_HELD = 10**6
    settings.LIMIT_COMMENTS = 10**6


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Nothing at ERROR and no traceback: bad input is the visitor's affair."""
    # These pass nothing on to the root, where caplog listens.
    loggers = [logging.getLogger(name) for name in ("django", "django.request")]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    yield
    for logger in loggers:
        logger.removeHandler(caplog.handler)
    said = caplog.get_records("call")
    assert [r for r in said if r.exc_info or r.levelno >= logging.ERROR] == []


@pytest.fixture
def client():
    """A browser on our own page, held to the checks that the test client leaves out."""
    return Client(
        enforce_csrf_checks=True,
        raise_request_exception=False,
        headers={"sec-fetch-site": "same-origin"},
    )


@pytest.fixture
def pending(client):
    """Ada's pending signature in a campaign that has all forms.

    The browser is that of somebody else, who has a visit to my page open, and in the
    office one to the page of an official.
    """
    petition = make_petition()
    mine = sign(petition, email="somebody@mail.example").confirmation.supporter
    Visit.objects.request("somebody@mail.example", "en")
    Visit.objects.begin(mine, "en")
    response = HttpResponse()
    browser.remember(response, mine)
    suggested = make_letter(
        petition.campaign, thanks_subject="Thank you", thanks_body=LETTER
    )
    first, *_others, official = suggested.recipient_list.recipients.all()
    make_stance(suggested, first)
    confirmed(suggested, email="writer@mail.example")
    reading = OfficialVisit.objects.create(
        recipient=official, email=official.email, opened_at=timezone.now()
    )
    access.remember(response, reading)
    client.cookies = response.cookies
    write_comment(petition.campaign, "It waits.")
    make_comment(petition.campaign, "It shows.")
    hidden = write_comment(
        petition.campaign, "It is hidden.", email="somebody@mail.example"
    )
    hidden.moderated_by(None).hide("hate")
    return sign(petition)


@pytest.fixture
def trying(client, subtests):
    """A subtest after which the rows and the browser's cookies are as before."""

    @contextmanager
    def trying(**named):
        cookies = deepcopy(client.cookies)
        with subtests.test(**named), undone():
            yield
        client.cookies = cookies

    return trying
