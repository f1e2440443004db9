from datetime import timedelta

from django.db import connection
from django.utils import timezone

from comments.models import Comment
from outbox.models import Suppression
from safeguards.same_words import digest
from supporters.models import Report, Supporter
from tests.factories import make_campaign, make_comment, make_staff, write_comment

HOME = {"network_hash": "a" * 32}


def test_a_comment_from_before_is_the_first_of_what_repeats_it(upgrade_to):
    upgrade = upgrade_to("comments", "0002_repeats_are_settled")
    campaign, now = make_campaign(), timezone.now()
    first = upgrade.model("comments", "Comment").objects.create(
        campaign_id=campaign.pk,
        name="Ada",
        text="Please stop.",
        text_digest=digest("Please stop."),
        created_at=now,
        queued_at=now,
        **HOME,
    )

    upgrade.migrate()

    write_comment(campaign, "Please stop.", **HOME)
    assert Comment.objects.latest("pk").repeats_id == first.pk


def test_a_report_from_before_is_a_report_still(upgrade_to):
    upgrade = upgrade_to("comments", "0003_reports_weigh_the_same")
    comment = upgrade.model("comments", "Comment").objects.create(
        campaign_id=make_campaign().pk,
        text="Please stop.",
        created_at=timezone.now(),
        queued_at=timezone.now(),
    )
    reports = upgrade.model("comments", "CommentReport").objects
    reports.create(comment_id=comment.pk, reason="hate", was_right=True, **HOME)

    upgrade.migrate()

    assert Comment.objects.get().reports.get().reason == "hate"


def test_each_comment_from_before_has_the_state_of_its_moments(upgrade_to):
    upgrade = upgrade_to("comments", "0004_state_of_a_comment_is_a_column")
    campaign, now = make_campaign(), timezone.now()
    shown, hidden = {"shown_at": now}, {"hidden_at": now, "hidden_for": "hate"}
    rows = {
        "waiting": {"queued_at": now},
        "shown": {**shown, "approved_at": now, "first_decided_at": now},
        "reported": {**shown, "queued_at": now},
        "hidden": {**shown, **hidden},
        "appealed": {**hidden, "appealed_at": now, "queued_at": now},
        "upheld": {**hidden, "appealed_at": now, "appeal_outcome": "upheld"},
        "removed": {**shown, "removed_at": now},
        "removed when hidden": {**shown, **hidden, "removed_at": now},
        "removed when it waited": {"removed_at": now},
    }
    comments = upgrade.model("comments", "Comment").objects
    made = {
        name: comments.create(campaign_id=campaign.pk, created_at=now, **fields).pk
        for name, fields in rows.items()
    }
    before = {"shown_at": now.isoformat(), "hidden_at": None, "hidden_for": ""}
    upgrade.model("comments", "Moderation").objects.create(
        comment_id=made["hidden"], decision="hide", at=now, before=before
    )

    upgrade.migrate()

    found = Comment.objects.in_bulk()
    assert {name: found[pk].state for name, pk in made.items()} == {
        **{"waiting": "waiting", "shown": "shown", "reported": "shown"},
        **{"hidden": "hidden", "appealed": "hidden", "upheld": "hidden"},
        **{"removed": "removed", "removed when hidden": "removed"},
        "removed when it waited": "removed",
    }
    visible = {made[name] for name in ("shown", "reported", "removed")}
    assert set(Comment.objects.visible().values_list("pk", flat=True)) == visible
    assert [n for n, pk in made.items() if found[pk].appeal_waits] == ["appealed"]
    found[made["hidden"]].moderated_by(None).undo()
    assert Comment.objects.get(pk=made["hidden"]).is_shown


def test_the_code_before_and_the_code_now_find_what_the_other_writes(upgrade_to):
    upgrade = upgrade_to("comments", "0004_state_of_a_comment_is_a_column")
    campaign, now = make_campaign(), timezone.now()
    of_before = upgrade.model("comments", "Comment").objects
    upgrade.migrate()

    new = of_before.create(campaign_id=campaign.pk, created_at=now, queued_at=now)
    assert Comment.objects.get().is_waiting
    of_before.update(shown_at=now, queued_at=None)
    assert Comment.objects.get().is_shown
    of_before.update(hidden_at=now, hidden_for="hate")
    assert Comment.objects.get().is_hidden
    of_before.update(hidden_at=None, hidden_for="")
    assert Comment.objects.get().is_shown

    Comment.objects.get().remove()
    new.refresh_from_db()
    assert new.removed_at
    assert Comment.objects.visible().exists()


def test_reports_from_before_wait_and_their_notice_is_one_of_them(upgrade_to, client):
    upgrade = upgrade_to("comments", "0005_reports_are_one_model")
    cy, now = make_staff("cy"), timezone.now()
    before = now - timedelta(days=1)
    comment = upgrade.model("comments", "Comment").objects.create(
        campaign_id=make_campaign(slug="foxes").pk,
        text="Please stop.",
        created_at=now,
        state="shown",
        shown_at=now,
        queued_at=now,
    )
    notices = upgrade.model("supporters", "Report").objects
    law = {"law": "other", "words": "A lie.", "content": "/foxes/", "language": "en"}
    notice = notices.create(location="/foxes/", email="eve@mail.example", **law)
    upgrade.model("comments", "Moderation").objects.create(
        comment_id=comment.pk, decision="keep", at=before, by_id=cy.pk
    )
    reports = upgrade.model("comments", "CommentReport").objects
    told = {"reason": "hate", "words": "It hurts.", "network_hash": "a" * 32}
    reports.create(comment_id=comment.pk, answered_at=before, **told)
    reports.create(comment_id=comment.pk, reported_at=before, **told)
    reports.create(comment_id=comment.pk, reason="law", notice_id=notice.pk)

    upgrade.migrate()

    comment = Comment.objects.get()
    assert list(comment.reports.notices().to_decide()) == [Report(pk=notice.pk)]
    [answered] = comment.reports.of_readers().exclude(decided_at=None)
    assert (answered.decision, answered.decided_at) == ("kept", before)
    assert answered.decided_by == cy
    [waits] = comment.reports.of_readers().open()
    assert (waits.reason, waits.words) == ("hate", "It hurts.")
    assert (waits.network_hash, waits.received_at) == ("a" * 32, before)
    assert client.get(waits.location).status_code == 302
    comment.moderated_by(cy).hide("hate")
    decisions = comment.reports.values_list("decision", flat=True)
    assert set(decisions) == {"removed", "kept"}
    Comment.objects.all().delete()
    assert comment.reports.notices().exists()


def test_reports_that_came_during_the_upgrade_wait_too(upgrade_to):
    comment = make_comment(make_campaign())
    Report.objects.tell(
        "comment", comment, location="/new/", reason="spam", network_hash="b" * 32
    )
    connection.check_constraints()
    upgrade = upgrade_to("comments", "0006_the_table_of_comment_reports_goes")
    notices = upgrade.model("supporters", "Report").objects
    notice = notices.create(location="/", content="/", law="other", language="en")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO comments_commentreport"
            " (comment_id, reason, words, network_hash, notice_id)"
            " VALUES (%s, %s, %s, %s, %s)",
            [
                (comment.pk, "hate", "It hurts.", "a" * 32, None),
                (comment.pk, "hate", "", "b" * 32, None),
                (comment.pk, "law", "", "", notice.pk),
                (10**6, "spam", "", "", None),  # deleted in the meantime
            ],
        )

    upgrade.migrate()

    said = comment.reports.order_by("pk").values_list("location", "reason")
    assert {*said} == {
        ("/new/", "spam"),
        (f"/{comment.campaign.slug}/comments/{comment.pk}/", "hate"),
        ("/", ""),
    }
    assert "comments_commentreport" not in connection.introspection.table_names()


def test_who_has_stopped_mails_about_comments_gets_none_by_the_new_way(upgrade_to):
    upgrade = upgrade_to("comments", "0007_comments_keep_fewer_columns")
    ada = Supporter.objects.create(email="ada@mail.example")
    bo = upgrade.model("staff", "User").objects.create(email="bo@site.example")
    rows = upgrade.model("comments", "CommentSubscription").objects
    stopped = {"stopped_at": timezone.now(), "stopped_for": "asked"}
    rows.create(supporter_id=ada.pk, key="a", **stopped)
    rows.create(user_id=bo.pk, key="b", **stopped)

    upgrade.migrate()

    assert ada.has_stopped("comment_news")
    assert (bo.email, "comment_digest") in Suppression.objects.against([bo.email])
    ada.delete()
