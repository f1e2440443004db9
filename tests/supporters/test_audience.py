"""Who gets an update is one rule: for the desk, the queue, the mail and its link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.dispatcher import work_through
from outbox.models import OutgoingMail
from supporters.follow.audience import audience, invited_to, reached_by
from supporters.models import Follow, Mailing
from tests.factories import (
    follow,
    make_campaign,
    make_follow,
    make_petition,
    make_update,
)

pytestmark = pytest.mark.django_db
# Who follows how, and whether news and the outcome come to them.
WAYS = {
    "campaign": (True, True),
    "everything": (True, True),
    "only-outcome": (False, True),
    "other-language": (False, False),
    "other-campaign": (False, False),
    "stopped": (False, False),
    "unconfirmed": (False, False),
}


def address(way):
    return f"{way}@mail.example"


@pytest.fixture
def campaign():
    """A campaign with a follower of each way."""
    campaign = make_campaign()
    made = {
        "campaign": make_follow(campaign, address("campaign")),
        "everything": make_follow(None, address("everything")),
        "only-outcome": make_follow(campaign, address("only-outcome")),
        "other-language": make_follow(None, address("other-language")),
        "other-campaign": make_follow(
            make_campaign(slug="other"), address("other-campaign")
        ),
        "stopped": make_follow(campaign, address("stopped")),
        "unconfirmed": follow(campaign, address("unconfirmed")),
    }
    Follow.objects.filter(pk=made["only-outcome"].pk).update(only_outcome=True)
    Follow.objects.filter(pk=made["other-language"].pk).update(language="de")
    made["stopped"].stop()
    OutgoingMail.objects.all().delete()  # the questions
    return campaign


@pytest.mark.parametrize("is_outcome", [False, True], ids=["news", "outcome"])
def test_the_desk_the_queue_and_the_mails_reach_the_same(
    campaign, mailbox, is_outcome, settings
):
    settings.MAILS_A_MINUTE = 10**6
    update = make_update(campaign, is_outcome=is_outcome)
    expected = sorted(address(way) for way, gets in WAYS.items() if gets[is_outcome])

    shown = audience(update)["total"]
    mailing = Mailing.objects.send(update, by=None)
    mailing.queue()
    work_through()

    assert shown == mailing.followers == len(expected)
    assert sorted(mail["To"] for mail in mailbox.messages) == expected
    # Asked again when it has left, it is nobody else.
    assert reached_by(update).count() == len(expected)


@pytest.mark.parametrize("is_outcome", [False, True], ids=["news", "outcome"])
def test_whoever_a_mail_asks_to_sign_can_sign_and_nobody_else(campaign, is_outcome):
    following = make_petition(slug="next").campaign
    make_update(campaign, is_outcome=is_outcome, follow_up=following)
    gets = {way for way, reached in WAYS.items() if reached[is_outcome]}

    invited = {each.supporter.email for each in invited_to(following)}

    # The link of a mail works when no more of them come.
    assert invited == {address(way) for way in {*gets, "stopped"}}
    assert not invited_to(campaign).exists()


def test_an_invitation_ends_with_its_days(campaign):
    following = make_petition(slug="next").campaign
    for _number in range(3):
        make_update(campaign, follow_up=following)
    make_update(
        campaign,
        follow_up=campaign,
        published_at=timezone.now() - timedelta(days=61),
    )

    assert len(invited_to(following)) == 3
    assert not invited_to(campaign)


def test_a_property_and_the_rows_agree_on_what_is_active(campaign):
    active = {each.pk for each in Follow.objects.active()}

    assert {each.pk for each in Follow.objects.all() if each.is_active} == active
    assert len(active) == 5
