"""A reader reports a name that stands on the page."""

import pytest

from database.sealed import Of, seal
from letters.models import Recipient
from supporters.models import Report
from tests.factories import (
    make_counted,
    make_letter,
    make_petition,
    make_staff,
)
from tests.petitions.test_names_that_wait import NAMES, NEWEST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names_at_once")]


@pytest.fixture
def petition(settings):
    settings.SITE_NAME = "Letters for Animals"
    letter = make_letter(make_petition(title="Stop dog meat").campaign)
    mayor = {"name": "Harvey L. Hall", "office": "Mayor", "email": "mayor@city.example"}
    Recipient.objects.create(list=letter.recipient_list, **mayor)
    return letter.campaign.petition


def test_a_reader_reports_a_name_and_a_moderator_looks(client, petition):
    [signature] = make_counted(petition, name="Bo the Killer")
    path = f"{NEWEST}{signature.public_name.number}/report/"
    assert f'href="{path}"' in client.get(NEWEST).text
    assert "Bo the Killer" in client.get(path).text

    sent = client.post(path, {"reason": "no name"}, follow=True)
    client.post(path, {"reason": "address"})

    assert "A moderator will look at it" in sent.text
    assert [report.reason for report in Report.objects.all()] == ["no name"]
    assert "Bo the Killer" in client.get(NEWEST).text
    client.force_login(make_staff("cy", "Moderators"))
    assert "It is not a name, but a claim" in client.get(NAMES).text

    client.post(NAMES, {"decision": "show", "row": signature.pk})

    assert not Report.objects.exists()
    client.post(path, {"reason": "no name"})  # it was looked at
    assert not Report.objects.exists()


def test_a_report_without_a_reason_comes_back(client, petition):
    [signature] = make_counted(petition)
    path = f"{NEWEST}{signature.public_name.number}/report/"

    page = client.post(path)

    assert page.status_code == 422
    assert "Choose what is wrong with it." in page.text


def test_reports_are_limited_and_come_from_our_own_pages(client, petition, settings):
    settings.LIMIT_REPORTS_OF_NAMES = 1
    one, other = make_counted(petition, 2)
    path = "{}{}/report/".format

    client.post(path(NEWEST, one.public_name.number), {"reason": "other"})
    page = client.post(path(NEWEST, other.public_name.number), {"reason": "other"})
    forged = client.post(
        path(NEWEST, other.public_name.number),
        {"reason": "other"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert "Your network has sent a lot of reports." in page.text
    assert forged.status_code == 403
    assert [report.subject_id for report in Report.objects.all()] == [one.pk]


def test_only_a_name_that_shows_can_be_reported(client, petition):
    [hidden] = make_counted(petition, name_found="posing")
    [withheld] = make_counted(petition, shown_as="no", email="w@mail.example")

    for signature in (hidden, withheld):
        assert (
            client.get(f"{NEWEST}{signature.public_name.number}/report/").status_code
            == 404
        )


@pytest.mark.parametrize("kind", [each for each in Of if each != Of.SIGNATURE])
def test_what_is_sealed_of_another_kind_names_no_signer(client, petition, kind):
    [signature] = make_counted(petition)
    number = seal(signature.pk, kind)

    answer = client.post(f"{NEWEST}{number}/report/", {"reason": "other"})

    assert answer.status_code == 404
    assert not Report.objects.exists()


def test_reports_go_with_their_signer(petition):
    [signature] = make_counted(petition)
    signature.public_name.report(location="/", reason="other", network_hash="f" * 32)

    petition.signatures.anonymise()

    assert not Report.objects.exists()
    signature.refresh_from_db()
    assert (signature.name, signature.counted) == ("", True)
