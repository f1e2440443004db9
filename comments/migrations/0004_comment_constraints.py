from django.db import migrations, models

import comments.models.comment


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_settle_comments")]

    operations = [
        # The key's default came after its column: rows of before have none.
        migrations.AlterField(
            model_name="comment",
            name="mail_key",
            field=models.CharField(
                default=comments.models.comment.make_key,
                editable=False,
                max_length=22,
                null=True,
                unique=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at", None), ("hidden_for", "")),
                    models.Q(
                        ("hidden_at__isnull", False),
                        models.Q(("hidden_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hidden_comment_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at", None),
                    models.Q(("confirmation", None), ("name", ""), ("text", "")),
                    _connector="OR",
                ),
                name="removed_comment_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("hidden_at", None),
                        ("removed_at", None),
                        ("shown_at", None),
                        _negated=True,
                    ),
                    ("queued_at__isnull", False),
                    _connector="OR",
                ),
                name="waiting_comment_is_queued",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pinned_at", None), ("root", None), _connector="OR"
                ),
                name="only_first_comments_are_pinned",
            ),
        ),
    ]
