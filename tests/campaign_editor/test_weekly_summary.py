"""A summary by email each Monday, for staff who want it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from campaign_editor.models import WeeklySummary
from campaign_editor.weekly_summary.tasks import send_weekly_summaries
from outbox.models import OutgoingMail
from staff.promises import promises
from tests.factories import make_campaign, make_counted, make_petition, make_staff, sign

pytestmark = pytest.mark.django_db
PAGE = "/admin/editor/weekly-summary/"


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

    asked = client.post(PAGE, follow=True)
    mails = monday()

    assert "We email you a summary each Monday." in asked.text
    assert [mail["To"] for mail in mails] == ["bo@group.example"]
    text = mailbox.text()
    assert "Save the foxes" in text
    assert re.search(r"Confirmed.*: 3|signed.*: 3|3 \\(0 the week before\\)", text)
    assert f"/admin/editor/campaigns/{petition.campaign_id}/home/" in text


def test_a_job_that_runs_twice_mails_once(bo, mailbox, work):
    make_petition()
    WeeklySummary.objects.ask(bo)

    for _run in range(2):
        send_weekly_summaries.func(timestamp=0)
        work()

    assert len(mailbox.messages) == 1


@pytest.mark.usefixtures("bo")
def test_its_link_stops_it_by_a_button_or_by_the_mail_program(
    client, stranger, monday, mailbox
):
    make_petition()
    client.post(PAGE)
    [mail] = monday()
    address = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    assert "Stop it" in stranger.get(address).text
    assert WeeklySummary.objects.wanted().exists()  # opening it stopped nothing
    stranger.post(address, {"List-Unsubscribe": "One-Click"})

    assert "You get no more summaries" in stranger.get(address).text
    assert monday() == []
    client.post(PAGE)
    assert len(monday()) == 1
    client.post(PAGE, {"stop": ""})
    assert monday() == []


def test_it_tells_of_no_campaign_that_they_may_not_see(monday, mailbox):
    here, other = make_campaign(title="Council"), make_campaign(title="Secret")
    make_counted(make_petition(here), 2)
    sign(make_petition(other), held_for="flood")
    cy = make_staff("cy", email="cy@group.example")
    for name in ("Campaigners", "Moderators"):
        group = Group.objects.get(name=name)
        cy.campaign_roles.create(group=group, campaign=here)
    WeeklySummary.objects.ask(cy)

    monday()

    assert "Council" in mailbox.text()
    assert "Secret" not in mailbox.text()
    assert "held" not in mailbox.text()


def test_who_has_left_or_has_nothing_to_read_gets_none(monday):
    WeeklySummary.objects.ask(make_staff("bo", "Campaigners", email="bo@x.example"))
    gone = make_staff("di", "Campaigners", email="di@x.example", is_active=False)
    WeeklySummary.objects.ask(gone)

    assert monday() == []


def test_a_summary_that_did_not_leave_is_overdue(bo):
    WeeklySummary.objects.ask(bo)
    [promise] = [each for each in promises() if each.name == "weekly summary"]
    assert promise.oldest_overdue() is None

    late = timezone.now() - timedelta(days=9)
    WeeklySummary.objects.update(asked_at=late)
    assert promise.oldest_overdue()
    WeeklySummary.objects.queue()

    assert promise.oldest_overdue() is None


def test_without_an_address_it_is_said(client):
    client.force_login(make_staff("bo", "Campaigners"))

    assert "Your account has no email address." in client.post(PAGE, follow=True).text
    assert not WeeklySummary.objects.exists()
