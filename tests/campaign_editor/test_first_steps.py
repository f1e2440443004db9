"""A new site greets its first administrator; steps tick themselves."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign_editor.models import FirstSteps
from tests.factories import make_campaign, make_staff
from tests.staff.test_signing_in import make_app

pytestmark = pytest.mark.django_db
STEPS = "/admin/editor/first-steps/"


@pytest.fixture
def root(client):
    root = make_staff("root", is_superuser=True, email="root@group.lan")
    client.force_login(root)
    return root


def number_done(client):
    page = client.get("/admin/").text
    return int(page.split(" of 6 steps are done")[0].split()[-1].strip("<p>"))


def test_each_step_ticks_itself(client, root, mailbox, work):
    assert number_done(client) == 0

    assert "These are right" in client.get("/admin/").text
    client.post(STEPS, {"names": ""})
    assert number_done(client) == 1
    assert "These are right" not in client.get("/admin/").text
    client.post(STEPS, {"mail": ""})
    assert number_done(client) == 1  # not before it was handed over
    work()
    assert mailbox.last()["To"] == "root@group.lan"
    assert number_done(client) == 2
    make_staff("cy")
    assert number_done(client) == 3
    campaign = make_campaign(published_at=None)
    assert number_done(client) == 4
    assert f"/admin/editor/campaigns/{campaign.pk}/" in client.get("/admin/").text
    campaign.publish(timezone.now())
    assert number_done(client) == 5
    make_app(root)
    assert "steps are done" not in client.get("/admin/").text


def test_it_can_be_dismissed_and_nothing_changes_by_looking(client, root):
    client.get("/admin/")
    assert not FirstSteps.objects.exists()
    assert client.get(STEPS).status_code == 405

    client.post(STEPS, {"dismiss": ""})

    assert "steps are done" not in client.get("/admin/").text


def test_a_refused_test_mail_ticks_nothing(client, root, mailbox, work):
    mailbox.refuse("root@group.lan", "550 5.1.1 no")
    client.post(STEPS, {"mail": ""})
    work()

    assert number_done(client) == 0


def test_a_test_mail_to_an_examples_address_ticks_nothing(client, root, mailbox, work):
    root.email = "hello@letters.example"
    root.save()
    page = client.get("/admin/").text
    assert "This address is only an example." in page
    assert f'href="/admin/staff/user/{root.pk}/change/"' in page
    client.post(STEPS, {"mail": ""})
    work()

    assert mailbox.last()["To"] == root.email
    assert number_done(client) == 0


def test_others_are_not_greeted_and_the_demo_is_no_new_site(client, root):
    client.force_login(make_staff("bo", "Campaigners"))
    assert "steps are done" not in client.get("/admin/").text
    assert client.post(STEPS, {"dismiss": ""}).status_code == 403

    client.force_login(root)
    call_command("load_demo", verbosity=0)
    assert "steps are done" not in client.get("/admin/").text


def test_the_home_of_an_empty_site_says_so_and_offers_to_write(client):
    page = client.get("/").text

    assert "This site is new, and no campaign is published yet." in page
    assert "Open now" not in page


def test_the_editors_address_leads_to_a_new_campaign(client):
    client.force_login(make_staff(group="Campaigners"))

    assert client.get("/admin/editor/").url == "/admin/editor/campaigns/new/"
