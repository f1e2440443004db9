"""The desk’s forms have the browser’s own fields, and say which are optional."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from letters.models import Recipient
from tests.factories import (
    make_campaign,
    make_letter,
    make_petition,
    make_staff,
    make_staff_who,
)
from tests.rooms import with_paper
from tests.staff.forms import change_page, fill_in

pytestmark = pytest.mark.django_db
OPTIONAL = '<span class="optional">(optional)</span>'


@pytest.fixture(autouse=True)
def root(client):
    user = make_staff("root", is_superuser=True)
    client.force_login(user)
    return user


def label_of(page, field):
    """What stands on the label of a field, by its id."""
    return re.search(
        rf'<label[^>]*for="id_{field}"[^>]*>(.*?)</label>', page, re.DOTALL
    )[1]


def kind_of(page, field):
    """The kind of an input, by its name."""
    return re.search(rf'<input type="([a-z-]+)" name="{field}"', page)[1]


def test_days_and_hours_are_the_browsers_own_fields_in_every_form(client, subtests):
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        page = client.get(reverse(f"admin:{name}_add"))
        if page.status_code != 200:  # nobody adds such a row
            continue
        with subtests.test(name):
            assert "vDateField" not in page.text
            assert "vTimeField" not in page.text

    campaign = make_campaign()
    page = client.get(change_page("/admin/campaigns/campaign/", campaign)).text
    for field in ("event_starts", "outcome_day", "milestones-__prefix__-day"):
        assert kind_of(page, field) == "date"
    assert kind_of(page, "closes_at") == "datetime-local"


def test_a_moment_that_nobody_changes_stays_to_the_second(client):
    make_letter()
    came_back = timezone.now().replace(second=7, microsecond=0)
    Recipient.objects.update(bounced_at=came_back)
    official = Recipient.objects.first()
    path = change_page("/admin/letters/recipient/", official)
    assert kind_of(client.get(path).text, "bounced_at") == "datetime-local"

    assert fill_in(client, path, ward="Ward 9").status_code == 302

    official.refresh_from_db()
    assert (official.ward, official.bounced_at) == ("Ward 9", came_back)
    fill_in(client, path, bounced_at="")
    official.refresh_from_db()
    assert official.bounced_at is None


def test_a_moment_says_on_whose_clocks_it_is(client, settings):
    campaign = make_campaign()
    make_letter(campaign)
    path = change_page("/admin/letters/recipient/", Recipient.objects.first())
    assert client.get(path).text.count("In the site’s time zone: GMT.") == 2
    settings.TIME_ZONE = "Asia/Seoul"
    assert client.get(path).text.count("In the site’s time zone: Seoul.") == 2

    page = client.get(change_page("/admin/campaigns/campaign/", campaign)).text
    assert "In the campaign’s time zone." in page
    assert "In the site’s time zone" not in page


def test_a_time_zone_is_chosen_and_not_typed(client):
    campaign = make_campaign(timezone="Asia/Calcutta")
    path = change_page("/admin/campaigns/campaign/", campaign)
    page = client.get(path).text
    assert '<option value="Asia/Calcutta" selected>' in page

    fill_in(client, path, timezone="Europe/Rome")

    campaign.refresh_from_db()
    assert campaign.timezone == "Europe/Rome"
    # A list without a zone has the site’s, and a new meeting has none before a choice.
    zones = client.get("/admin/letters/recipientlist/add/").text
    assert '<option value="">Choose one</option>' in zones
    letter = change_page("/admin/letters/suggestedletter/", make_letter(campaign))
    meeting = client.get(letter).text.partition('name="meetings-__prefix__-timezone"')
    assert meeting[2].partition("</option>")[0].endswith('<option value="">Choose one')


def test_what_may_stay_empty_is_called_optional_in_forms_and_their_rows(client):
    campaign = make_campaign()
    page = client.get(change_page("/admin/campaigns/campaign/", campaign)).text

    assert OPTIONAL in label_of(page, "title_ask")
    assert OPTIONAL in label_of(page, "readings-__prefix__-url")
    assert OPTIONAL in label_of(page, "milestones-__prefix__-who")
    for field in ("title", "milestones-__prefix__-day", "drop_picture", "picture_alt"):
        assert "(optional)" not in label_of(page, field)


def test_a_table_calls_optional_only_what_somebody_may_enter(client):
    path = change_page("/admin/campaigns/campaign/", make_campaign())
    column = re.compile(r'<th class="column-(\w+)[^"]*">(.*?)</th>', re.DOTALL)

    def optional():
        cells = column.findall(client.get(path).text)
        return {name for name, words in cells if OPTIONAL in words}

    assert "url" in optional()
    assert "title" not in optional()
    client.force_login(make_staff_who("view_campaign", "view_reading"))
    assert 'class="column-url' in client.get(path).text
    assert not optional()


@with_paper
def test_a_new_country_is_chosen_in_the_same_words_as_all_else(client):
    petition = make_petition()
    page = client.get(f"/admin/paper/paperbatch/add/?petition={petition.pk}").text

    assert '<option value="" selected>Choose one</option>' in page
    assert "---------" not in page


def test_what_rows_are_for_stands_above_them(client):
    page = client.get(change_page("/admin/letters/suggestedletter/", make_letter()))

    assert "Meetings at which the officials speak about what the letter" in page.text


def test_the_form_of_a_campaign_has_one_name_and_leads_to_the_other(client):
    campaign = make_campaign()
    page = client.get(change_page("/admin/campaigns/campaign/", campaign)).text

    assert "<h1>All fields</h1>" in page
    edit = reverse("campaign_editor:guided", args=[campaign.pk])
    assert f'<a href="{edit}">Edit</a>' in page
