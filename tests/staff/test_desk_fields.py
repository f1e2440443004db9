"""The desk’s forms have the browser’s own fields, and say which are optional."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from letters.models import Recipient
from tests.campaign_editor.forms import page_of, press, whole
from tests.factories import (
    make_campaign,
    make_letter,
    make_petition,
    make_staff,
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
    for field in ("outcome_day", "milestones-__prefix__-day"):
        assert kind_of(page, field) == "date"
    assert kind_of(page, "published_at") == "datetime-local"


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
    campaign = whole(timezone="Asia/Calcutta")
    page = client.get(page_of(campaign)).text
    assert '<option value="Asia/Calcutta" selected>' in page

    press(client, page_of(campaign), timezone="Europe/Rome")

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

    assert OPTIONAL in label_of(page, "outcome")
    assert OPTIONAL in label_of(page, "milestones-__prefix__-who")
    page += client.get("/admin/campaigns/update/add/").text
    for field in ("title", "milestones-__prefix__-day", "picture_alt"):
        assert "(optional)" not in label_of(page, field)


@with_paper
def test_a_new_country_is_chosen_in_the_same_words_as_all_else(client):
    petition = make_petition()
    page = client.get(f"/admin/paper/paperbatch/add/?petition={petition.pk}").text

    assert '<option value="" selected>Choose one</option>' in page
    assert "---------" not in page


def test_what_rows_are_for_stands_above_them(client):
    page = client.get(change_page("/admin/letters/suggestedletter/", make_letter()))

    assert "Meetings at which the officials speak about what the letter" in page.text
