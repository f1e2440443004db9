from django.utils import timezone

from comments.models import Comment
from safeguards.same_words import digest
from tests.factories import make_campaign, write_comment

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
