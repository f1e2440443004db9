"""Every address of the site, with whatever a generator makes up."""

import re

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from letters.models import (
    OfficialAnswer,
    OfficialVisit,
    Stance,
    SuggestedLetter,
)
from supporters.acts.act import Act
from supporters.models import Visit
from tests.factories import follow, make_paper, make_staff, make_update
from tests.hostile.generator import look_at, routes
from tests.letters.makers import confirmed
from tests.test_architecture import app_files

pytestmark = pytest.mark.django_db
ROUTES = sorted(set(routes()))
OF_STAFF = [route for route in ROUTES if route.startswith("admin/")]
UPLOADS = [
    "admin/branding/branding/<object_id>/change/",
    "admin/campaigns/update/add/",
    "admin/campaigns/update/<object_id>/change/",
    "admin/letters/recipientlist/<pk>/import/",
    "admin/editor/campaigns/<pk>/",
    "admin/editor/campaigns/new/",
    "admin/petitions/paperbatch/add/",
    "admin/petitions/paperbatch/<object_id>/change/",
    "admin/petitions/paperbatch/<pk>/import/",
]
PUBLIC = [route for route in ROUTES if not route.startswith(("admin/", "development/"))]


@pytest.fixture
def known(pending):
    """What opens something, by the names that the arguments of addresses have."""
    campaign = pending.petition.campaign
    made = follow(campaign, "eve@mail.example")
    make_update(campaign)
    letter = confirmed(SuggestedLetter.objects.get())
    waiting, shown, hidden = campaign.comments.order_by("pk")[:3]
    batch = make_paper(pending.petition, "Ada", "Ada")
    batch.reopen()  # so that its lines can be entered
    visits = Visit.objects.order_by("pk")[:2]
    reading = OfficialVisit.objects.select_related("recipient").get()
    suggested = letter.suggested_letter
    answer = OfficialAnswer.objects.write(suggested, reading.recipient, "Yes.")
    acts = [pending, made, letter, waiting]
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
        ],
        "pk": [
            str(row.pk) for row in (pending, shown, waiting, batch, suggested, answer)
        ],
        "object_id": [str(row.pk) for row in (pending, shown, letter, batch, answer)],
        "recipient": [str(reading.recipient_id)],
        "letter": [str(suggested.pk)],
        "words": [letter.words],
        "stance": [str(Stance.objects.get(kind="supports").pk)],
        "number": ["1", "2", "0", "999999999999999999999"],
    }


@pytest.fixture(autouse=True)
def one_connection():
    """Requests of one test are one transaction, which the end of each would close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_route_is_looked_at():
    assert {"<slug>/signatures/", "media/pictures/<name>/<file>"} <= set(PUBLIC)
    assert {"admin/account/login/", "admin/campaigns/update/add/"} <= set(OF_STAFF)
    assert len(PUBLIC) > 50
    assert len(OF_STAFF) > 100


def test_a_visitor_breaks_nothing(known, subtests):
    for route in PUBLIC:
        with subtests.test(route=route):
            look_at([route], known, 3)


@pytest.fixture
def signed_in(client, settings):
    """The headers of a superuser's browser on one of our pages."""
    settings.STAFF_MFA = "offered"
    client.force_login(make_staff("root", is_superuser=True))
    session, token = client.cookies["sessionid"].value, "a" * 32
    return {
        "HTTP_COOKIE": f"sessionid={session}; csrftoken={token}",
        "HTTP_X_CSRFTOKEN": token,
    }


def test_staff_break_nothing(signed_in, known, subtests):
    for addresses, number in [(OF_STAFF, 50), *[([route], 5) for route in UPLOADS]]:
        with subtests.test(addresses=addresses[:1]):
            look_at(addresses, known, number, **signed_in)


def test_every_upload_is_looked_at():
    takes_files = re.compile(r"(?<!class )\b(PendingUpload|File|Image)Field\(")

    assert {path for path, source in app_files() if takes_files.search(source)} == {
        "reporting/csv_files.py",
        "campaigns/admin.py",
        "campaign_site/branding_form.py",
        "campaign_editor/campaign_part.py",
        "campaign_editor/picture_rows.py",
        "petitions/paper/admin.py",
    }
    assert set(OF_STAFF) >= set(UPLOADS)
