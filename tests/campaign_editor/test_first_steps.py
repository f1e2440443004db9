"""A new site greets its first administrator; steps tick themselves."""

import pytest
from django.utils import timezone

from branding.models import Branding, know
from tests.factories import make_campaign, make_staff
from tests.staff.test_signing_in import make_app

pytestmark = pytest.mark.django_db
TEST = "/admin/deliverability/test/"


@pytest.fixture
def root(client):
    root = make_staff("root", is_superuser=True, email="root@group.lan")
    client.force_login(root)
    return root


def number_done(client):
    page = client.get("/admin/").text
    return int(page.split(" of 6 steps are done")[0].split()[-1].strip("<p>"))


def test_each_step_ticks_itself_until_a_campaign_is_public(client, root, mailbox, work):
    assert number_done(client) == 0

    client.post(TEST)
    assert number_done(client) == 0  # not before it was handed over
    work()
    assert mailbox.last()["To"] == "root@group.lan"
    assert number_done(client) == 1
    make_staff("cy")
    assert number_done(client) == 2
    campaign = make_campaign(published_at=None)
    assert number_done(client) == 3
    assert f"/admin/editor/campaigns/{campaign.pk}/" in client.get("/admin/").text
    make_app(root)
    assert number_done(client) == 4
    know(Branding(contact_email="us@group.lan", controller="Fox Lane 5"))
    assert number_done(client) == 5
    campaign.publish(timezone.now())
    assert "steps are done" not in client.get("/admin/").text


def test_a_refused_test_mail_ticks_nothing(client, root, mailbox, work):
    mailbox.refuse("root@group.lan", "550 5.1.1 no")
    client.post(TEST)
    work()

    assert number_done(client) == 0


def test_a_test_mail_to_an_examples_address_ticks_nothing(client, root, mailbox, work):
    root.email = "hello@letters.example"
    root.save()
    page = client.get("/admin/").text
    assert "This address is only an example." in page
    assert f'href="/admin/staff/user/{root.pk}/change/"' in page
    client.post(TEST)
    work()

    assert mailbox.last()["To"] == root.email
    assert number_done(client) == 0


def test_others_are_not_greeted(client):
    client.force_login(make_staff("bo", "Campaigners"))
    assert "steps are done" not in client.get("/admin/").text


def test_the_home_of_an_empty_site_says_so_and_offers_to_write(client):
    page = client.get("/").text

    assert "This site is new, and no campaign is published yet." in page
    assert "Open now" not in page


def test_the_editors_address_leads_to_a_new_campaign(client):
    client.force_login(make_staff(group="Campaigners"))

    assert client.get("/admin/editor/").url == "/admin/editor/campaigns/new/"
