import logging
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from letters.models import (
    OfficialAnswer,
    OfficialVisit,
    Stance,
    SuggestedLetter,
)
from letters.officials import access
from supporters.acts.act import Act
from supporters.models import Visit
from supporters.my_page import browser
from tests.factories import (
    LETTER,
    ask_volunteer,
    follow,
    make_comment,
    make_letter,
    make_paper,
    make_petition,
    make_stance,
    make_update,
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
def known(pending, settings):
    """What opens something, by the names that the arguments of addresses have."""
    campaign = pending.petition.campaign
    made = follow(campaign, "eve@mail.example")
    make_update(campaign)
    letter = confirmed(SuggestedLetter.objects.get())
    waiting, shown, hidden = campaign.comments.order_by("pk")[:3]
    batch = make_paper(pending.petition, "Ada", "Ada")
    if batch is not None:
        batch.reopen()  # so that its lines can be entered
    visits = Visit.objects.order_by("pk")[:2]
    reading = OfficialVisit.objects.select_related("recipient").get()
    suggested = letter.suggested_letter
    answer = OfficialAnswer.objects.write(suggested, reading.recipient, "Yes.")
    acts = [pending, made, letter, waiting]
    further = settings.LANGUAGES[1][0]
    volunteer = ask_volunteer(campaign, further)
    assert {type(act) for act in acts} == set(Act.kinds())
    tokens = [act.confirmation.page_token for act in acts]
    return {
        "slug": [campaign.slug],
        "token": tokens + [act.confirmation.link_key for act in acts],
        "key": [
            pending.withdrawal_key,
            letter.receipt_key,
            made.key,
            hidden.mail_key,
            *(visit.key for visit in visits),
            reading.key,
            reading.recipient.page_key,
            *([volunteer.key] if volunteer else []),
        ],
        "part": [f"campaign-{campaign.pk}"],
        "language": [further],
        "pk": [
            str(row.pk)
            for row in (pending, shown, waiting, batch, suggested, answer)
            if row is not None
        ],
        "object_id": [
            str(row.pk)
            for row in (pending, shown, letter, batch, answer)
            if row is not None
        ],
        "recipient": [str(reading.recipient_id)],
        "letter": [str(suggested.pk)],
        "words": [letter.words],
        "stance": [str(Stance.objects.get(kind="supports").pk)],
        "number": ["1", "2", "0", "999999999999999999999"],
    }


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
