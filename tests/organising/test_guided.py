import pytest

from campaigns.models import Campaign
from tests.factories import make_staff
from tests.organising.forms import LETTER, WHOLE, make, page_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bo(client):
    bo = make_staff("bo", "Campaigners", email="bo@group.example")
    client.force_login(bo)
    return bo


def test_x(client):
    c = make(client, **WHOLE, **LETTER)
    page = client.get(page_of(c)).text
    print(c.__dict__, c.petition, c.letter.recipient_list.recipients.all())
    c = make(client)
    print(c.slug)
    a = send(
        client, page_of(Campaign.objects.get(slug="save-the-foxes")), button="publish"
    )
    print([str(m) for m in a.context["messages"]])
    assert client.get("/save-the-foxes/").status_code == 200
    client.get("/admin/campaigns/campaign/")
