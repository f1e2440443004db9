"""The count for everybody: live, drawn, and to be checked by whoever doubts it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from petitions.counting import views
from petitions.models import Petition, Signature, TallyEntry
from tests.factories import make_counted, make_ended_campaign, make_petition, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return make_petition(opens_at=timezone.now() - timedelta(days=400))


def sign_on(petition, day, number, **fields):
    for place in range(number):
        email = f"p{day:%j}-{place}@mail.example"
        sign(petition, email=email, **fields).confirm()
    petition.tally.exclude(commitment=None).update(at=day)
    TallyEntry.roll_up()


def test_the_live_count_is_a_small_answer_for_every_website(client, petition):
    make_counted(petition, 2)

    answer = client.get("/campaign-1/count.json")

    assert answer.json()["count"] == 2
    assert "<strong>2</strong> people have signed" in answer.json()["html"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "s-maxage=8" in answer["Cache-Control"]


def test_days_and_countries_are_drawn_and_said(client, petition):
    today = timezone.now()
    sign_on(petition, today - timedelta(days=2), 3)
    sign_on(petition, today, 1, country="PT")

    page = client.get("/campaign-1/count/").text

    assert page.count('width="26.67%"') == 3
    assert '<rect x="3.33%" y="0.0%" width="26.67%" height="100.0%"/>' in page
    assert '<rect x="36.67%" y="100.0%" width="26.67%" height="0.0%"/>' in page
    assert "Signatures each day" in page
    assert "United Kingdom" in page
    assert "Portugal" in page


def test_a_long_campaign_is_drawn_by_weeks(client, petition):
    today = timezone.now()
    sign_on(petition, today - timedelta(days=200), 1)
    sign_on(petition, today, 2)

    page = client.get("/campaign-1/count/").text

    assert "Signatures each week" in page
    assert page.count('%" width="') == 200 // 7 + 1


def test_on_the_first_day_there_is_no_chart_of_one_bar(client, petition):
    sign_on(petition, timezone.now(), 3)

    page = client.get("/campaign-1/count/").text

    assert 'class="chart"' not in page


def test_before_the_first_signature_there_is_nothing_to_draw(client, petition):
    page = client.get("/campaign-1/count/").text

    assert "The list begins with the first signature." in page
    assert 'class="chart"' not in page
    assert client.get("/campaign-1/count/links-1.csv").status_code == 404


def test_the_links_are_files_that_hold_no_person(client, petition, monkeypatch):
    monkeypatch.setattr(views, "LINKS_A_FILE", 2)
    sign_on(petition, timezone.now(), 3)

    first = client.get("/campaign-1/count/links-1.csv")
    second = client.get("/campaign-1/count/links-2.csv")

    header, *lines = first.text.splitlines()
    assert header == "number,delta,commitment,link"
    assert [line.split(",")[:2] for line in lines] == [["1", "+1"], ["2", "+1"]]
    assert second.text.splitlines()[1].startswith("3,+1,")
    assert "Ada" not in first.text + second.text
    assert first["Cache-Control"] == "public, max-age=86400"
    assert second["Cache-Control"] == "public, max-age=10"
    for number in (0, 3, 99):
        assert client.get(f"/campaign-1/count/links-{number}.csv").status_code == 404


@pytest.mark.usefixtures("names_at_once")
def test_names_are_on_a_page_that_is_not_indexed_while_people_can_sign(client):
    make_counted(make_petition(), name="Ada Lovelace")
    ended = make_petition(make_ended_campaign())
    hidden = make_petition()
    Petition.objects.filter(pk=hidden.pk).update(names_hidden=True)

    page = client.get("/campaign-1/signatures/newest/")
    assert "Ada Lovelace" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert "Disallow: /*/signatures/" in client.get("/robots.txt").text
    assert "Ada Lovelace" not in client.get("/campaign-1/").text
    for petition in (ended, hidden):
        path = f"/{petition.campaign.slug}/signatures/newest/"
        gone = client.get(path)
        assert gone.status_code == 410
        assert "Names have been removed" in gone.text
        assert "Ada Lovelace" not in gone.text
        assert path not in client.get(petition.campaign.get_absolute_url()).text


def test_no_name_on_the_page_is_younger_than_five_minutes(client, petition):
    def shown():
        cache.clear()
        return "Ada Lovelace" in client.get("/campaign-1/signatures/newest/").text

    def some_minutes_ago(minutes, field):
        at = timezone.now() - timedelta(minutes=minutes)
        Signature.objects.update(**{field: at})

    [signature] = make_counted(petition, name="Ada Lovelace")
    some_minutes_ago(4, "confirmed_at")
    assert petition.standing.count == 1
    assert not shown()
    some_minutes_ago(6, "confirmed_at")
    assert shown()

    signature.signer.correct(name="Ada Lovelace", city="York", country="GB")
    assert not shown()
    some_minutes_ago(6, "name_changed_at")
    assert shown()


def test_all_names_are_hidden_by_one_switch(client):
    make_counted(make_petition(), name="Ada Lovelace")

    Petition.objects.update(names_hidden=True)

    assert client.get("/campaign-1/signatures/newest/").status_code == 410
    page = client.get("/campaign-1/").text
    assert "Latest signatures" not in page
    assert "How the count grew" in page
