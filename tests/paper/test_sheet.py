"""An empty sheet for names, which leads whoever types it in back to its batch."""

import pytest

from paper.models import PaperBatch
from tests.factories import make_petition, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    petition = make_petition()
    return PaperBatch.objects.create(petition=petition, place="Market", country="US")


def address(batch, paper):
    return f"/admin/paper/paperbatch/{batch.pk}/sheet/{paper}/"


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_sheet_has_the_ask_the_number_of_its_batch_and_lines(client, batch, paper):
    client.force_login(make_staff("bo", "Campaigners"))

    page = client.get(address(batch, paper)).text

    assert f'class="on-{paper}"' in page
    assert batch.petition.ask in page
    assert f"Batch {batch.pk}" in page
    assert page.count('<th scope="row">') == 14
    assert "http://testserver/campaign-1/" in page
    assert "http://testserver/privacy/" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="qr"' in page
    assert "<form" not in page


def test_the_batch_leads_to_its_sheets_while_lines_are_entered(client, batch):
    client.force_login(make_staff("bo", "Campaigners"))
    page = f"/admin/paper/paperbatch/{batch.pk}/change/"
    assert address(batch, "a4") in client.get(page).text
    assert address(batch, "letter") in client.get(page).text

    batch.finish()

    assert address(batch, "a4") not in client.get(page).text


def test_there_is_no_other_paper_and_none_for_strangers(client, batch):
    assert client.get(address(batch, "a4")).status_code == 302
    client.force_login(make_staff("eve"))
    assert client.get(address(batch, "a4")).status_code == 403

    client.force_login(make_staff("bo", "Campaigners"))
    assert client.get(address(batch, "a5")).status_code == 404
