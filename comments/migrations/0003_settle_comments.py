from django.db import migrations
from django.db.models import Count, F, Q
from django.db.models.functions import Now


def settle(apps, schema_editor):
    """Give what was there a reason, a place in the queue and its counts."""
    Comment = apps.get_model("comments", "Comment")
    Thread = apps.get_model("comments", "Thread")
    Comment.objects.exclude(hidden_at=None).update(hidden_for="other")
    Comment.objects.filter(hidden_at=None, shown_at=None).update(queued_at=Now())
    Comment.objects.exclude(shown_at=None).update(approved_at=F("shown_at"))
    shown = Q(shown_at__isnull=False, hidden_at=None)
    roots = Comment.objects.filter(root=None).annotate(
        replies_shown=Count(
            "conversation",
            filter=Q(
                conversation__shown_at__isnull=False, conversation__hidden_at=None
            ),
        )
    )
    for root in roots.exclude(replies_shown=0):
        Comment.objects.filter(pk=root.pk).update(reply_count=root.replies_shown)
    for campaign in Comment.objects.values_list("campaign", flat=True).distinct():
        comments = Comment.objects.filter(campaign=campaign)
        Thread.objects.create(
            campaign_id=campaign,
            comment_count=comments.filter(shown).count(),
            conversation_count=comments.filter(root=None)
            .filter(shown | Q(reply_count__gt=0))
            .count(),
        )


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_moderation")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
