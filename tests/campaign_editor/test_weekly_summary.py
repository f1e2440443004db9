"""A summary by email each Monday, for staff who want it."""

import re

import pytest
from django.contrib.auth.models import Group

from campaign_editor.weekly_summary import send_weekly_summaries
from outbox.models import OutgoingMail
from pages.addresses import absolute
from tests.factories import make_campaign, make_counted, make_petition, make_staff, sign

pytestmark = pytest.mark.django_db
PAGE = "/admin/editor/weekly-summary/"


def want_one(user):
    user.gets_summary = True
    user.save()


@pytest.fixture
def monday(work, mailbox):
    """What is mailed on a Monday."""

    def monday():
        OutgoingMail.objects.all().delete()
        mailbox.clear()
        send_weekly_summaries.func(timestamp=0)
        work()
        return mailbox.messages

    return monday


def test_who_asks_for_it_gets_it_with_the_week_and_what_waits(
    client, bo, monday, mailbox
):
    petition = make_petition(title="Save the foxes")
    make_counted(petition, 3)
    assert monday() == []
    assert "You can stop it here at any time." in client.get(PAGE).text

    asked = client.post(PAGE, follow=True)
    mails = monday()

    assert "We email you a summary each Monday." in asked.text
    assert [mail["To"] for mail in mails] == ["bo@group.example"]
    # Only its owner stops it, on that page: no mail program does so by a click.
    assert mails[0]["List-Unsubscribe"] is None
    text = mailbox.text()
    assert f"Stop it:\r\n{absolute(PAGE)}" in text
    assert "Save the foxes" in text
    assert re.search(r"Confirmed.*: 3|signed.*: 3|3 \\(0 the week before\\)", text)
    assert f"/admin/editor/campaigns/{petition.campaign_id}/home/" in text


def test_a_job_that_runs_twice_mails_once(bo, mailbox, work):
    make_petition()
    want_one(bo)

    for _run in range(2):
        send_weekly_summaries.func(timestamp=0)
        work()

    assert len(mailbox.messages) == 1


@pytest.mark.usefixtures("bo")
def test_a_link_in_it_leads_to_the_button_that_stops_it(client, monday, mailbox):
    make_petition()
    client.post(PAGE)
    assert len(monday()) == 1

    assert PAGE in mailbox.text()
    assert "Stop it" in client.get(PAGE).text
    assert len(monday()) == 1  # opening it stopped nothing
    stopped = client.post(PAGE, {"stop": ""}, follow=True)

    assert "You get no more summaries" in stopped.text
    assert monday() == []
    client.post(PAGE)
    assert len(monday()) == 1


def test_one_that_is_stopped_while_it_waits_does_not_leave(client, bo, work, mailbox):
    make_petition()
    want_one(bo)
    send_weekly_summaries.func(timestamp=0)

    client.post(PAGE, {"stop": ""})
    work()

    assert mailbox.messages == []


def test_it_tells_of_no_campaign_that_they_may_not_see(monday, mailbox):
    here, other = make_campaign(title="Council"), make_campaign(title="Secret")
    make_counted(make_petition(here), 2)
    sign(make_petition(other), held_for="flood")
    cy = make_staff("cy", email="cy@group.example")
    for name in ("Campaigners", "Moderators"):
        group = Group.objects.get(name=name)
        cy.campaign_roles.create(group=group, campaign=here)
    want_one(cy)

    monday()

    assert "Council" in mailbox.text()
    assert "Secret" not in mailbox.text()
    assert "held" not in mailbox.text()


def test_who_has_left_or_has_nothing_to_read_gets_none(monday):
    want_one(make_staff("bo", "Campaigners", email="bo@x.example"))
    want_one(make_staff("di", "Campaigners", email="di@x.example", is_active=False))

    assert monday() == []


def test_without_an_address_it_is_said(client):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)

    assert "Your account has no email address." in client.post(PAGE, follow=True).text
    bo.refresh_from_db()
    assert not bo.gets_summary
