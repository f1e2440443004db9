"""What is stored for longer than the privacy page says is found, and staff are told."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as site_settings
from django.utils import timezone

from comments.models import Comment
from database import kept
from database.personal_data import declared
from petitions.models import Signature
from staff.models import Alert
from supporters.models import Confirmation, RetentionRun, Visit
from supporters.personal_data import ledger
from supporters.personal_data.tasks import look_into_ledger
from tests.factories import (
    hand_over,
    make_campaign,
    make_counted,
    make_petition,
    make_staff,
    sign,
    write_comment,
)
from tests.supporters.markers import do_everything, var  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
# Periods that say how often something happens, or what the site itself writes.
QUOTED_ELSEWHERE = {"KEEP_VERSIONS"}


def names():
    return [each.name for each in ledger.over_time()]


def days_on(time_machine, days):
    time_machine.move_to(timezone.now() + timedelta(days=days))


def test_a_row_that_is_two_days_late_is_told_once_and_the_alert_ends(
    mailbox, work, time_machine
):
    make_staff("bo", "Campaigners", email="bo@site.example")
    Visit.objects.request("ada@mail.example", "en")
    work()
    mailbox.clear()

    days_on(time_machine, 2)
    look_into_ledger(timestamp=0)
    assert not Alert.objects.exists()
    days_on(time_machine, 2)
    look_into_ledger(timestamp=0)
    look_into_ledger(timestamp=0)
    work()

    assert mailbox.last()["To"] == "bo@site.example"
    assert "longer than our privacy page says" in mailbox.text()
    assert "visits to your page, by the link in an email" in mailbox.text()
    assert Alert.objects.filter(closed_at=None).count() == 1
    RetentionRun.run()
    look_into_ledger(timestamp=0)
    assert not Alert.objects.filter(closed_at=None).exists()


def test_a_rule_that_passes_a_row_by_is_found_although_each_run_ends_well(
    time_machine, monkeypatch
):
    sign(make_petition())
    monkeypatch.setattr(
        type(Signature.objects.all()), "outdated", lambda rows: rows.none()
    )

    days_on(time_machine, 120)
    run = RetentionRun.run()

    assert run.unfinished == {}
    assert names() == ["signatures", "confirmations"]


def test_signers_are_over_their_time_when_their_last_month_has_ended(time_machine):
    petition = make_petition()
    make_counted(petition, 2)
    petition.campaign.close()

    days_on(time_machine, 700)
    assert "signers" not in names()
    days_on(time_machine, 40)
    assert "signers" in names()
    Signature.objects.anonymise()

    assert "signers" not in names()


def test_after_each_run_nothing_is_over_its_time(
    var,  # noqa: F811
    work,
    time_machine,
):
    campaign = make_campaign()
    do_everything(campaign, work)
    write_comment(campaign, "Spam.").moderated_by(None).hide("spam")
    campaign.close()
    hand_over(campaign)

    for _month in range(26):
        days_on(time_machine, 31)
        RetentionRun.run()
        assert names() == []


def test_each_rule_names_settings_that_there_are_and_its_own_columns():
    found = [(each.model, rule) for each in declared() for rule in each.kept]

    assert len(found) > 40
    assert len({rule.name for _model, rule in found}) == len(found)
    for model, rule in found:
        rule.rule(model).due()
        if rule.is_timed:
            assert not rule.overdue_rows(model).exists(), rule.name
        for period in (*rule.periods, *rule.at_most):
            assert isinstance(period, int) or hasattr(site_settings, period)


def test_each_setting_of_retention_is_in_a_rule_and_on_the_privacy_page(
    client, settings
):
    quoted = {p for each in declared() for rule in each.kept for p in rule.periods}
    every = {name for name in dir(site_settings) if re.match("KEEP_[A-Z_]+$", name)}

    assert every - quoted == QUOTED_ELSEWHERE
    settings.KEEP_STOPPED_FOLLOWS_DAYS = 1
    settings.KEEP_RETENTION_RUNS_DAYS = 91
    page = client.get("/privacy/").text
    for what, after in (
        ("Follows that were stopped", "1 day"),
        ("Reports on what we deleted each night", "91 days"),
        ("Email addresses that nothing else uses", "the next night"),
    ):
        row = f'<th scope="row">{what}</th><td><span class="entry">{after}</span></td>'
        assert row in page
    assert page.count('<th scope="row">') == len(kept.table())
    assert "24 months after the campaign’s end at the latest" in page


def test_a_comment_without_its_owners_yes_is_not_over_its_time(time_machine):
    comment = write_comment(make_campaign())
    comment.moderated_by(None).show()

    days_on(time_machine, 200)
    RetentionRun.run()

    assert Comment.objects.get().text
    assert Confirmation.objects.get().used_at is None
    assert names() == []


def test_one_statement_a_rule_however_many_rows(django_assert_num_queries):
    timed = [r for each in declared() for r in each.kept if r.is_timed]

    with django_assert_num_queries(len(timed)):
        ledger.over_time()
