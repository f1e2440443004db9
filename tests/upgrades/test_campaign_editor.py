import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaign_editor.models import UnsavedForm
from staff.models import User
from tests.factories import make_staff


def test_who_wanted_a_weekly_summary_can_be_deleted(upgrade_to):
    upgrade = upgrade_to(
        "campaign_editor", "0002_weekly_summary_is_a_choice_of_the_account"
    )
    users = upgrade.model("staff", "User").objects
    wishes = upgrade.model("campaign_editor", "WeeklySummary").objects
    wishes.create(user_id=users.create(username="min-ji").pk)

    upgrade.migrate()

    User.objects.get().delete()  # the row of before does not hold the account


def test_how_far_a_new_site_has_come_breaks_nothing(upgrade_to, client):
    upgrade = upgrade_to(
        "campaign_editor", "0005_first_steps_are_read_from_what_is_there"
    )
    steps = upgrade.model("campaign_editor", "FirstSteps").objects
    steps.create(dismissed_at=timezone.now())

    upgrade.migrate()

    client.force_login(make_staff("root", is_superuser=True))
    assert "of 6 steps are done" in client.get("/admin/").text


def test_what_somebody_typed_and_did_not_save_is_there_still(upgrade_to):
    upgrade = upgrade_to("campaign_editor", "0004_a_draft_is_an_incomplete_row")
    campaigns = upgrade.model("campaigns", "Campaign").objects
    campaign = campaigns.create(title="Foxes", slug="foxes")
    bo = upgrade.model("staff", "User").objects.create(username="bo")
    rest = {"title": {"value": "x" * 200, "errors": ["Too long."]}}
    parts = upgrade.model("campaign_editor", "Unfinished").objects
    parts.create(campaign_id=campaign.pk, fields=rest)
    forms = upgrade.model("campaign_editor", "UnsavedForm").objects
    typed = {"title": ["Owls"]}
    forms.create(campaign_id=campaign.pk, user_id=bo.pk, typed=typed, number=3)

    upgrade.migrate()

    [kept] = UnsavedForm.objects.all()
    assert (kept.as_sent()["title"], kept.number) == ("Owls", 3)
    # One more of theirs, of a new campaign.
    UnsavedForm.objects.create(user_id=bo.pk, typed={})
    with pytest.raises(IntegrityError), transaction.atomic():
        UnsavedForm.objects.create(user_id=bo.pk, typed={})


def test_what_of_a_form_was_not_saved_is_there_still(upgrade_to):
    upgrade = upgrade_to("campaign_editor", "0006_a_form_is_saved_as_a_whole")
    bo = upgrade.model("staff", "User").objects.create(username="bo")
    forms = upgrade.model("campaign_editor", "UnsavedForm").objects
    forms.create(user_id=bo.pk, typed={"title": ["Owls"]}, is_rest=True)

    upgrade.migrate()

    assert UnsavedForm.objects.get().as_sent()["title"] == "Owls"
    UnsavedForm.objects.all().delete()
    UnsavedForm.objects.create(user_id=bo.pk)  # the column of before fills itself
