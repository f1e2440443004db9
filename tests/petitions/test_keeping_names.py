"""Names are kept until a petition is handed over; staff are asked; it has an end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.handover.tasks import ask_about_names
from staff.models import Alert, AuditEntry
from supporters.models import RetentionRun
from tests.factories import (
    hand_over,
    make_campaign,
    make_counted,
    make_ended_campaign,
    make_paper,
    make_petition,
    make_staff,
)
from tests.rooms import with_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    """It ended yesterday, and two people have signed it."""
    campaign = make_ended_campaign()
    closes_at, campaign.closes_at = campaign.closes_at, None
    petition = make_petition(campaign)
    make_counted(petition, 2)
    campaign.closes_at = closes_at
    return petition


@pytest.fixture
def night(time_machine):
    """Let so many days pass, and what the night does be done."""

    def night(days):
        time_machine.move_to(timezone.now() + timedelta(days=days, minutes=1))
        ask_about_names(timestamp=0)
        RetentionRun.run()

    return night


def names_of(petition):
    return petition.signatures.exclude(name="").count()


def test_names_are_kept_for_a_petition_that_is_not_handed_over(petition, night):
    night(days=300)
    assert names_of(petition) == 2
    hand_over(petition.campaign)
    night(days=29)
    assert names_of(petition) == 2
    night(days=1)

    assert names_of(petition) == 0
    assert petition.signatures.counted().count() == 2


def test_a_petition_that_was_handed_over_loses_its_names_after_six_months(
    petition, night
):
    hand_over(petition.campaign)

    night(days=175)
    assert names_of(petition) == 2
    night(days=15)

    assert names_of(petition) == 0


def test_no_name_is_kept_for_more_than_two_years(petition, night):
    night(days=720)
    assert names_of(petition) == 2

    night(days=15)

    assert names_of(petition) == 0


def test_staff_are_asked_in_good_time_once_and_before_the_very_end(
    client, petition, time_machine, mailbox, work
):
    make_staff("di", "Campaigners", email="di@site.example")
    work()
    mailbox.clear()

    for day in (100, 140, 160, 200, 690, 700):
        time_machine.move_to(petition.campaign.closes_at + timedelta(days=day))
        ask_about_names(timestamp=0)
        work()

    assert [mail["To"] for mail in mailbox.messages] == ["di@site.example"] * 2
    first, last = (m.get_body(("plain",)).get_content() for m in mailbox.messages)
    assert "no milestone says that it was handed over" in first
    assert "in any case" in last
    path = f"/admin/petitions/petition/{petition.pk}/names/"
    assert path in first
    client.force_login(make_staff("bo", "Campaigners"))
    assert "addresses of 2 signers." in client.get(path).text


@with_paper
def test_staff_are_asked_about_names_on_paper_too(client, night):
    petition = make_petition(make_campaign())
    bo = make_staff("bo", is_superuser=True)
    make_paper(petition, "Ada", "Bo", by=bo)
    petition.campaign.closes_at = timezone.now()
    petition.campaign.save()

    night(days=150)

    client.force_login(bo)
    assert Alert.objects.filter(kind="names", closed_at=None).count() == 1
    page = client.get(f"/admin/petitions/petition/{petition.pk}/names/").text
    assert "names, cities and email addresses of 2 signers." in page


def test_what_is_handed_over_closes_the_question(petition, night):
    night(days=150)
    assert Alert.objects.filter(closed_at=None).count() == 1
    hand_over(petition.campaign)

    night(days=1)

    assert not Alert.objects.filter(closed_at=None).exists()


def test_staff_let_the_names_go_and_can_change_their_mind(client, petition, night):
    bo = make_staff("bo", "Campaigners")
    client.force_login(bo)
    page = f"/admin/petitions/petition/{petition.pk}/names/"
    night(days=150)
    client.force_login(bo)

    desk = client.get("/admin/").text
    said = client.post(page, {"decision": "let-go"}, follow=True).text
    back = client.post(page, {"decision": "keep"}, follow=True).text
    client.post(page, {"decision": "let-go"})
    night(days=20)
    assert names_of(petition) == 2
    night(days=20)

    assert "petition has ended and is not handed over: we still keep its names" in desk
    assert page in desk
    assert "bo said on" in said
    assert "Keep the names" in said
    assert "delete the names" in back
    assert names_of(petition) == 0
    acts = AuditEntry.objects.filter(model="petitions.signature", kind="action")
    assert [a.action for a in acts.order_by("pk")] == [
        "let-names-go",
        "keep-names",
        "let-names-go",
    ]


def test_what_is_no_buttons_word_decides_nothing_about_the_names(client, petition):
    bo = make_staff("bo", "Campaigners")
    petition.let_names_go(bo)
    client.force_login(bo)
    page = f"/admin/petitions/petition/{petition.pk}/names/"

    for typed in ({}, {"decision": "forget"}):
        said = client.post(page, typed, follow=True).text
        assert "Nothing was changed. Press one of the buttons." in said

    petition.refresh_from_db()
    assert petition.names_let_go_by == bo
    assert not AuditEntry.objects.filter(action="keep-names").exists()


def test_who_may_not_change_a_petition_decides_nothing(client, petition):
    client.force_login(make_staff("cy", "Moderators"))
    page = f"/admin/petitions/petition/{petition.pk}/names/"

    assert "delete the names" not in client.get(page).text
    assert client.post(page, {"decision": "let-go"}).status_code == 403
    assert client.get("/admin/petitions/petition/999/names/").status_code == 404
    petition.refresh_from_db()
    assert petition.names_let_go_at is None
