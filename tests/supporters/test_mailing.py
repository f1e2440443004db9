"""An update on its way to its followers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from outbox.models import OutgoingMail
from supporters.follow.frequency import Frequency
from supporters.models import Follow, Mailing, UpdateForFollower
from tests.factories import make_campaign, make_follow, make_staff, make_update

pytestmark = pytest.mark.django_db
ADA, BO = "ada@mail.example", "bo@mail.example"
WEDNESDAY = datetime(2026, 11, 25, 15, tzinfo=UTC)
MORNINGS = {
    "immediate": WEDNESDAY,
    "daily": datetime(2026, 11, 26, 7, tzinfo=UTC),
    "weekly": datetime(2026, 11, 30, 7, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def quick(settings):
    settings.MAILS_A_MINUTE = 10**6


@pytest.fixture
def campaign():
    """One that readers saw before the days of these tests, and see now."""
    before = WEDNESDAY - timedelta(days=30)
    return make_campaign(published_at=before, opens_at=before)


def numbers(mailing):
    """What happened to it, without what became of none."""
    return {name: n for name, n in mailing.numbers().items() if n}


def test_each_follower_gets_an_update_once(campaign, mailbox, post):
    make_follow(campaign, ADA)
    make_follow(campaign, BO)
    make_follow(None, BO)
    make_follow(make_campaign(slug="other"), "cy@mail.example")
    update = make_update(campaign)

    mailing = post(update)
    post(update)

    assert sorted(message["To"] for message in mailbox.messages) == [ADA, BO]
    assert {message["Subject"] for message in mailbox.messages} == {"The Mayor answers"}
    assert "She says yes." in mailbox.text()
    assert f"/campaign-1/updates/{update.pk}/" in mailbox.text()
    assert (mailing.numbers()["sent"], Mailing.objects.get().followers) == (2, 2)


def test_every_mail_stops_with_one_click_and_names_itself(
    stranger, campaign, mailbox, post
):
    made = make_follow(campaign, ADA)
    post(make_update(campaign))

    mail = mailbox.last()
    url = f"http://testserver/follows/{made.key}/cancellation/"
    assert mail["List-Unsubscribe"] == f"<{url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<update.testserver>"
    assert url in mailbox.text()
    assert url in mail.get_body(("html",)).get_content()
    [update] = UpdateForFollower.objects.all()
    assert mail["Message-ID"] == update.mail.message_id
    stranger.post(url, {"List-Unsubscribe": "One-Click"})
    assert not Follow.objects.active().exists()


def test_the_names_of_a_mail_hold_whatever_the_site_and_its_campaign_are_called(
    settings, mailbox, post
):
    settings.SITE_URL = "http://[2001:db8::7]:8000"
    campaign = make_campaign(title="A\u2028B\x85Bcc: all@mail.example ü, „x“")
    make_follow(campaign, ADA)
    post(make_update(campaign, title="Ü\u2028Bcc: all@mail.example"))

    mail = mailbox.last()
    assert mail["List-Id"] == "<update.2001-db8--7>"
    campaign_name, kind, site, _sender = mail["Feedback-ID"].split(":")
    assert (campaign_name, kind) == (f"campaign-{campaign.pk}", "update")
    assert site == "2001-db8--7"
    assert mail["Bcc"] is None


def test_a_mail_loads_nothing_but_the_pictures_of_its_updates(campaign, mailbox, post):
    make_follow(campaign)
    name = "0" * 32
    make_update(campaign)
    post(
        make_update(
            campaign,
            picture=name,
            picture_alt="The Mayor",
            picture_width=1600,
            picture_height=900,
        )
    )

    html = mailbox.last().get_body(("html",)).get_content()
    assert html.count("<img") == html.count('alt="The Mayor"') == 1
    assert f'src="http://testserver/media/pictures/{name}/800.jpg"' in html
    assert "<link" not in html
    assert "url(" not in html


@pytest.mark.parametrize("frequency", Frequency)
def test_it_is_due_as_its_follower_wishes(
    campaign, mailbox, post, time_machine, frequency
):
    time_machine.move_to(WEDNESDAY, tick=False)
    make_follow(campaign, frequency=frequency)

    mailing = post(make_update(campaign))

    due = MORNINGS[frequency]
    assert UpdateForFollower.objects.get().due_at == due
    if due > WEDNESDAY:
        time_machine.move_to(due - timedelta(minutes=1), tick=False)
        post()
        assert mailbox.messages == []
        time_machine.move_to(due, tick=False)
        post()
    assert len(mailbox.messages) == 1
    assert numbers(mailing) == {"sent": 1}


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        ("2026-11-30T06:59", "2026-11-30T07:00", "2026-11-30T07:00"),
        ("2026-11-30T07:00", "2026-12-01T07:00", "2026-12-07T07:00"),
        ("2026-11-29T23:59", "2026-11-30T07:00", "2026-11-30T07:00"),
    ],
)
def test_a_morning_is_the_next_one(now, daily, weekly):
    now = datetime.fromisoformat(f"{now}Z")

    assert f"{Frequency.DAILY.next_due(now):%Y-%m-%dT%H:%M}" == daily
    assert f"{Frequency.WEEKLY.next_due(now):%Y-%m-%dT%H:%M}" == weekly


def test_a_weeks_updates_come_in_one_mail(campaign, mailbox, post, time_machine):
    time_machine.move_to(WEDNESDAY, tick=False)
    other = make_campaign(slug="other", title="Foxes")
    make_follow(campaign, frequency="weekly")
    make_follow(other, frequency="weekly")
    make_follow(campaign, BO, frequency="weekly")
    post(make_update(campaign, "First"), make_update(campaign, "Second"))
    mailing = post(make_update(other, "Third"))
    assert mailbox.messages == []

    time_machine.move_to(MORNINGS["weekly"], tick=False)
    post()

    told = {message["To"]: message for message in mailbox.messages}
    assert sorted(told) == [ADA, BO]
    assert len(mailbox.messages) == 2
    assert told[ADA]["Subject"] == "3 updates: First"
    text = told[ADA].get_body(("plain",)).get_content()
    assert text.index("First") < text.index("Second") < text.index("Third")
    assert "You follow “Foxes”. How often we write to you: once a week." in text
    assert "/cancellation/all/" in told[ADA]["List-Unsubscribe"]
    assert told[BO]["Subject"] == "2 updates: First"
    assert "/all/" not in told[BO]["List-Unsubscribe"]
    assert numbers(mailing) == {"sent": 1}


def test_who_has_stopped_meanwhile_gets_nothing(campaign, mailbox, post, time_machine):
    time_machine.move_to(WEDNESDAY, tick=False)
    made = make_follow(campaign, frequency="daily")
    make_follow(campaign, BO, frequency="daily")
    mailing = post(make_update(campaign))

    made.stop()
    time_machine.move_to(MORNINGS["daily"], tick=False)
    post()

    assert [message["To"] for message in mailbox.messages] == [BO]
    assert numbers(mailing) == {"sent": 1, "stopped": 1}


def meanwhile(act):
    """Something that happens in another process, while the relay says "go ahead"."""

    def happen():
        act()
        connection.close()

    return [("data", happen)]


@pytest.mark.django_db(transaction=True)
def test_who_stops_a_moment_before_the_last_dot_gets_nothing(campaign, relay, post):
    made = make_follow(campaign)
    make_follow(campaign, BO)
    relay.plan[ADA] = meanwhile(made.stop)

    mailing = post(make_update(campaign))
    post()

    assert relay.recipients() == [BO]
    assert numbers(mailing) == {"sent": 1, "stopped": 1}


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_a_moment_before_the_last_dot_gets_nothing(campaign, relay, post):
    made = make_follow(campaign)
    make_follow(campaign, BO)
    relay.plan[ADA] = meanwhile(made.supporter.erase)

    mailing = post(make_update(campaign))

    assert relay.recipients() == [BO]
    assert numbers(mailing) == {"sent": 1, "stopped": 1}
    assert OutgoingMail.objects.get(purpose="update").email == BO


def test_who_follows_after_it_was_queued_waits_for_the_next(campaign, mailbox, post):
    make_follow(campaign)
    post(make_update(campaign))
    make_follow(campaign, BO)

    post()

    assert [message["To"] for message in mailbox.messages] == [ADA]


def test_all_campaigns_means_those_in_ones_language(campaign, mailbox, post):
    make_follow(None, language="pt")
    make_follow(None, BO)

    post(make_update(campaign))

    assert [message["To"] for message in mailbox.messages] == [BO]


def test_a_scheduled_update_leaves_when_it_is_published(
    campaign, mailbox, post, time_machine
):
    time_machine.move_to(WEDNESDAY, tick=False)
    make_follow(campaign)
    later = WEDNESDAY + timedelta(hours=1)
    update = make_update(campaign, publish_at=later, published_at=None)
    bo = make_staff("bo", "Campaigners")

    mailing = Mailing.objects.send(update, by=bo)
    post()
    assert (UpdateForFollower.objects.count(), mailing.queued_at) == (0, None)

    time_machine.move_to(later + timedelta(seconds=1), tick=False)
    update.publish()
    post()

    assert len(mailbox.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_paused_means_from_the_next_mail_on(campaign, relay, post):
    for name in ("ada", "bo", "cy"):
        make_follow(campaign, f"{name}@mail.example")
    relay.plan[BO] = meanwhile(lambda: Mailing.objects.get().pause())

    mailing = post(make_update(campaign))
    assert relay.recipients() == [ADA]
    post()
    assert numbers(mailing) == {"sent": 1, "waiting": 2}

    relay.plan.clear()
    mailing.resume()
    post()

    assert sorted(relay.recipients()) == [ADA, BO, "cy@mail.example"]
    assert numbers(mailing) == {"sent": 3}


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ([("rcpt", "550 5.1.1 no such user")], {"refused": 1, "sent": 1}),
        ([("end", "554 5.7.1 spam")], {"refused": 1, "sent": 1}),
        ([("rcpt", "450 4.2.1 later")], {"waiting": 1, "sent": 1}),
        ([("end", "drop after")], {"in_doubt": 1, "sent": 1}),
        ([("rcpt", "drop")], {"waiting": 1, "sent": 1}),
    ],
)
def test_what_the_relay_answers_is_what_is_told(campaign, relay, post, steps, outcome):
    make_follow(campaign)
    make_follow(campaign, BO)
    relay.plan[ADA] = steps

    mailing = post(make_update(campaign))

    assert numbers(mailing) == outcome


def test_a_relay_that_refuses_us_ends_no_follow_and_all_get_it_later(
    campaign, relay, post
):
    for email in (ADA, BO):
        make_follow(campaign, email)
    relay.plan[""] = [("mail", "550 5.1.0 this account is locked")]

    mailing = post(make_update(campaign))

    assert numbers(mailing) == {"waiting": 2}
    assert Follow.objects.active().count() == 2
    relay.plan.clear()
    post()
    assert sorted(relay.recipients()) == [ADA, BO]


@pytest.mark.django_db(transaction=True)
def test_who_wants_only_the_outcome_by_the_time_it_leaves_gets_nothing_else(
    client, campaign, relay, post
):
    news, outcome = make_follow(campaign, ADA), make_follow(campaign, BO)
    everything = make_follow(None, BO)
    Follow.objects.filter(pk=outcome.pk).update(only_outcome=True)
    make_follow(campaign, "cy@mail.example")
    mailing = Mailing.objects.send(make_update(campaign), by=None)
    mailing.queue()

    # Both while it waits for them: one stops what brought it, one wants less.
    everything.stop()
    Follow.objects.filter(pk=news.pk).update(only_outcome=True)
    post()

    assert relay.recipients() == ["cy@mail.example"]
    assert numbers(mailing) == {"stopped": 2, "sent": 1}


def test_a_mail_says_by_which_follow_it_comes(campaign, mailbox, post):
    outcome, everything = make_follow(campaign, ADA), make_follow(None, ADA)
    Follow.objects.filter(pk=outcome.pk).update(only_outcome=True)

    post(make_update(campaign))

    assert everything.key in mailbox.text()
    assert outcome.key not in mailbox.text()


def test_a_mailing_is_there_once_and_says_what_became_of_each(campaign):
    make_follow(campaign)
    update = make_update(campaign)
    mailing = Mailing.objects.send(update, by=make_staff())

    assert Mailing.objects.send(update, by=None) == mailing
    mailing.queue()
    mailing.queue()
    assert UpdateForFollower.objects.count() == 1
    for faulty in (
        lambda: UpdateForFollower.objects.update(settled_at=timezone.now()),
        lambda: UpdateForFollower.objects.create(
            mailing=mailing,
            supporter=UpdateForFollower.objects.get().supporter,
            due_at=timezone.now(),
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            faulty()


def test_erasing_leaves_the_numbers_and_nobody_in_them(campaign, mailbox, post):
    made = make_follow(campaign)
    mailing = post(make_update(campaign))
    make_follow(campaign, frequency="weekly")
    waiting = post(make_update(campaign, "Second"))
    own = UpdateForFollower.objects.of_supporter(made.supporter)
    told = own.export()

    Follow.objects.of_supporter(made.supporter).erase()
    assert own.erase() == 2

    assert [row["update"] for row in told] == ["The Mayor answers", "Second"]
    assert told[0]["state"] == "handed to our mail service"
    assert not UpdateForFollower.objects.exclude(supporter=None).exists()
    assert numbers(mailing) == {"sent": 1}
    assert numbers(waiting) == {"stopped": 1}


def test_the_desk_says_that_an_update_is_not_emailed_until_it_is(client):
    client.force_login(make_staff("cam", "Campaigners"))
    update = make_update(published_at=timezone.now(), publish_at=timezone.now())
    words = "update is on the page, but not emailed: send it to followers"
    home = f"/admin/editor/campaigns/{update.campaign_id}/home/"
    assert words not in client.get("/admin/").text  # nobody follows yet
    make_follow(update.campaign)

    for page in ("/admin/", home):
        text = client.get(page).text
        assert words in text
        assert f"/admin/supporters/mailing/update/{update.pk}/" in text
    assert "not emailed</a>" in text

    Mailing.objects.send(update, by=None)

    for page in ("/admin/", home):
        assert "not emailed" not in client.get(page).text
