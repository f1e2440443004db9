import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from outbox.suppressions import mailbox_hash

BATCH = 1000


def keep_what_was_stopped(apps, schema_editor):
    """Whoever has stopped these mails gets none by the new way either."""
    before = apps.get_model("comments", "CommentSubscription").objects
    stopped = before.exclude(stopped_at=None).select_related("supporter", "user")
    notes = apps.get_model("outbox", "Suppression")
    for one in stopped.order_by("pk").iterator(chunk_size=BATCH):
        purpose = "comment_news" if one.supporter_id else "comment_digest"
        notes.objects.get_or_create(
            mailbox_hash=mailbox_hash((one.supporter or one.user).email),
            purpose=purpose,
            reason="stopped",
        )
    # A table is not altered while checks of its rows wait.
    schema_editor.connection.check_constraints()


def _without_constraint(to):
    return models.OneToOneField(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="comment_subscription",
        to=to,
    )


class Migration(migrations.Migration):
    """Table and columns stay for the code before, and keep nobody from deletion.

    The next version drops `comments_commentsubscription`, `reply_due_at` and
    `old_anchor`. Replies that wait for the day of a mail are told with the next reply.
    """

    dependencies = [
        ("comments", "0006_the_table_of_comment_reports_goes"),
        ("outbox", "0001_initial"),
        ("supporters", "0002_reports_are_one_model"),
        ("staff", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(keep_what_was_stopped, migrations.RunPython.noop),
        migrations.AlterField(
            "commentsubscription",
            "supporter",
            _without_constraint("supporters.supporter"),
        ),
        migrations.AlterField(
            "commentsubscription", "user", _without_constraint(settings.AUTH_USER_MODEL)
        ),
        migrations.RemoveIndex("comment", "replies_to_tell"),
        # The few who read by language wait for a sort.
        migrations.RemoveIndex("comment", "conversations_by_language"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("CommentSubscription"),
                migrations.RemoveField("comment", "reply_due_at"),
                migrations.RemoveField("comment", "old_anchor"),
            ]
        ),
    ]
