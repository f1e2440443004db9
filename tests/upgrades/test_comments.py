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
