"""Totals elsewhere: said beside the count, with place and day, and never added."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from petitions.models import ElsewhereTotal
from tests.factories import make_counted, make_petition, make_staff, make_text

pytestmark = pytest.mark.django_db
SEEN = date(2025, 11, 1)


def elsewhere(petition, place="Change.org", number=12_345, **fields):
    return petition.elsewhere.create(
        place=place, number=number, **{"seen_on": SEEN, **fields}
    )


def form_of(petition, **row):
    typed = {"place": "Change.org", "number": "12345", "seen_on": "2025-11-01"}
    rows = {f"elsewhere-0-{name}": value for name, value in {**typed, **row}.items()}
    return {
        "campaign": petition.campaign_id,
        "ask": petition.ask,
        "elsewhere-TOTAL_FORMS": "1",
        "elsewhere-INITIAL_FORMS": "0",
        **rows,
    }


def test_it_stands_beside_the_count_and_is_not_added(client):
    petition = make_petition()
    make_counted(petition, 2)
    elsewhere(petition, url="https://www.change.org/p/help")
    elsewhere(petition, "We Move", 7, seen_on=date(2026, 2, 3))

    for path in ("/campaign-1/", "/campaign-1/count/"):
        page = client.get(path).text
        assert "<strong>2</strong> people have signed" in page
        first = "Not counted here: 12,345 at <a href"
        second = "Not counted here: 7 at <bdi>We Move</bdi>, seen on 3 February 2026"
        assert page.index(first) < page.index(second)
        assert (
            '<a href="https://www.change.org/p/help" rel="nofollow noopener">'
            "<bdi>Change.org</bdi></a>, seen on 1 November 2025"
        ) in page
    answer = client.get("/campaign-1/count.json").json()
    assert answer["count"] == 2
    assert "12,345" in answer["html"]


def test_number_and_day_are_those_of_the_language(client):
    petition = make_petition()
    elsewhere(petition)
    make_text(petition.campaign, "de", title="Hilfe", slug="hilfe")

    page = client.get("/de/hilfe/").text

    assert "Hier nicht mitgezählt: 12.345 bei <bdi>Change.org</bdi>" in page
    assert "1. November 2025" in page


def test_a_campaigner_edits_them_beside_the_petition(client):
    petition = make_petition()
    client.force_login(make_staff("bo", "Campaigners"))
    address = reverse("admin:petitions_petition_change", args=[petition.pk])

    assert client.post(address, form_of(petition)).status_code == 302

    assert petition.elsewhere.get().number == 12_345
    history = reverse("admin:petitions_petition_history", args=[petition.pk])
    assert "bo" in client.get(history).text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"number": "0"}, "Enter 1 or more."),
        ({"number": "-3"}, "Enter 0 or more."),
        ({"number": "99999999999"}, "Enter 1000000000 or less."),
        ({"seen_on": "2999-01-01"}, "Enter a day that is not in the future."),
        ({"url": "javascript:alert(1)"}, "errorlist"),
        ({"place": ""}, "Enter"),
    ],
)
def test_what_cannot_be_true_gets_a_sentence(client, row, said):
    petition = make_petition()
    client.force_login(make_staff("bo", "Campaigners"))
    address = reverse("admin:petitions_petition_change", args=[petition.pk])

    page = client.post(address, form_of(petition, **row))

    assert said in page.text
    assert not ElsewhereTotal.objects.exists()


def test_the_database_refuses_what_is_no_number_of_people():
    with pytest.raises(IntegrityError), transaction.atomic():
        elsewhere(make_petition(), number=0)


def test_a_name_is_no_code_on_the_page(client):
    elsewhere(make_petition(), "<script>alert(1)</script>", url='https://x.example/"')

    page = client.get("/campaign-1/").text

    assert "<bdi>&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert 'href="https://x.example/&quot;"' in page


def test_they_do_not_keep_a_petition_from_being_deleted(client):
    petition = make_petition()
    elsewhere(petition, seen_on=timezone.localdate() - timedelta(days=1))
    client.force_login(make_staff("bo", "Campaigners"))

    page = reverse("admin:petitions_petition_delete", args=[petition.pk])

    assert client.post(page, follow=True).status_code == 200
    assert not ElsewhereTotal.objects.exists()
