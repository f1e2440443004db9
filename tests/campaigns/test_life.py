"""The life of a campaign: extended, handed over, answered, won; and its timeline."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from campaigns.models import Milestone
from tests.factories import make_campaign, make_ended_campaign, make_staff

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


def look(client, campaign):
    cache.clear()
    return client.get(campaign.get_absolute_url()).text


def test_the_timeline_tells_what_happened_the_newest_first(client):
    campaign = make_ended_campaign()
    campaign.milestones.create(
        kind="delivered",
        day=days_ago(20),
        who="the Mayor of Bakersfield",
        reference="2016/1107-A",
    )
    campaign.milestones.create(
        kind="won", words="The council voted for it.", url="https://city.example/vote"
    )

    page = look(client, campaign)

    said = [
        "Won</h3>",
        "<p>The council voted for it.</p>",
        "https://city.example/vote",
        "Signing and writing ended",
        "Handed over to the Mayor of Bakersfield",
        "Reference number: <bdi>2016/1107-A</bdi>",
        "Began</h3>",
    ]
    places = [page.index(words) for words in said]
    assert places == sorted(places)
    assert "<b>Won</b>" in page


def test_a_campaign_without_a_past_has_no_timeline(client):
    assert "What has happened" not in look(client, make_campaign())


def test_an_answer_that_is_due_is_waited_for_in_public(client):
    campaign = make_campaign()
    asked = campaign.milestones.create(
        kind="delivered", day=days_ago(10), due_on=days_ago(-4)
    )
    assert "An answer is due by" in look(client, campaign)

    asked.due_on = days_ago(1)
    asked.save()
    assert "We have none yet." in look(client, campaign)

    campaign.milestones.create(kind="answered", who="the Mayor", words="Yes.")
    page = look(client, campaign)
    assert "due by" not in page
    assert "Answered by the Mayor" in page


def test_the_home_page_says_how_campaigns_ended_in_the_same_queries(
    client, django_assert_num_queries
):
    make_ended_campaign().milestones.create(kind="won")
    make_ended_campaign().milestones.create(kind="answered")
    make_ended_campaign()

    with django_assert_num_queries(4):
        page = client.get("/").text

    for word in ("Won", "Answered", "Ended"):
        assert f"<b>{word}</b>" in page


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"day": -2}, "a day that has come"),
        ({"kind": "won", "due_on": 0}, "Only what was handed over"),
        ({"due_on": 9}, "cannot be due before"),
    ],
)
def test_a_milestone_that_cannot_be_is_refused_with_a_sentence(fields, reason):
    fields = {"kind": "delivered", "day": 0, **fields}
    for name in fields.keys() & {"day", "due_on"}:
        fields[name] = days_ago(fields[name])
    milestone = Milestone(campaign=make_campaign(), **fields)

    with pytest.raises(ValidationError, match=reason):
        milestone.full_clean()


def test_who_moves_the_close_extends_the_campaign(client):
    campaign = make_campaign()
    client.force_login(make_staff("bo", "Campaigners"))
    path = f"/admin/campaigns/campaign/{campaign.pk}/change/"
    form = client.get(path).context["adminform"].form
    data = {
        name: form.get_initial_for_field(field, name) or ""
        for name, field in form.fields.items()
    }
    moments = {"opens_at": campaign.opens_at, "published_at": campaign.published_at}
    moments["closes_at"] = data.pop("closes_at") + timedelta(days=7)
    for name, moment in moments.items():
        data[f"{name}_0"], data[f"{name}_1"] = moment.date(), moment.time()
    for formset in ("readings", "milestones"):
        data[f"{formset}-TOTAL_FORMS"] = data[f"{formset}-INITIAL_FORMS"] = 0

    client.post(path, data)

    assert [m.kind for m in campaign.milestones.all()] == ["extended"]
    page = look(client, campaign)
    assert "Goes on longer" in page
    campaign.refresh_from_db()
    day = date_format(campaign.closes_on, "DATE_FORMAT")
    assert f"One can sign and write until {day}." in page
