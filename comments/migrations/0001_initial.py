import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import comments.models.comment
import comments.models.subscription


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        ("supporters", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "is_answer",
                    models.BooleanField(
                        default=False, verbose_name="answer of the campaign"
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Empty when it was lost.",
                        max_length=10000,
                        verbose_name="text",
                    ),
                ),
                (
                    "text_digest",
                    models.CharField(blank=True, editable=False, max_length=32),
                ),
                (
                    "network_hash",
                    models.CharField(blank=True, editable=False, max_length=32),
                ),
                (
                    "writer",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "wants_news",
                    models.BooleanField(
                        default=False, verbose_name="wants to know when it shows"
                    ),
                ),
                (
                    "wants_replies",
                    models.BooleanField(
                        default=False, verbose_name="wants to know of replies"
                    ),
                ),
                (
                    "mail_key",
                    models.CharField(
                        default=comments.models.comment.make_key,
                        editable=False,
                        max_length=22,
                        null=True,
                        unique=True,
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="written")),
                (
                    "edited_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="edited"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "findings",
                    models.JSONField(
                        blank=True, default=list, verbose_name="what the rules found"
                    ),
                ),
                (
                    "spam_points",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="spam points"
                    ),
                ),
                (
                    "queued_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="waits since"
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "shown_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="shown since"
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="approved"
                    ),
                ),
                (
                    "hidden_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="hidden since"
                    ),
                ),
                (
                    "hidden_for",
                    models.CharField(
                        blank=True, max_length=10, verbose_name="hidden because"
                    ),
                ),
                (
                    "hidden_words",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="own words"
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="removed by its writer"
                    ),
                ),
                (
                    "pinned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="pinned"),
                ),
                (
                    "first_decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided"),
                ),
                (
                    "appealed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="appealed"
                    ),
                ),
                (
                    "appeal",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="appeal"
                    ),
                ),
                ("appeal_decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "appeal_outcome",
                    models.CharField(blank=True, editable=False, max_length=10),
                ),
                ("reply_count", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "writer_told",
                    models.CharField(blank=True, editable=False, max_length=40),
                ),
                (
                    "reply_told_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "reply_due_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "confirmation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="supporters.confirmation",
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hidden by",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="comments.comment",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversation",
                        to="comments.comment",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
            },
        ),
        migrations.CreateModel(
            name="CommentReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("threat", "It threatens or insults somebody"),
                            ("hate", "It attacks people for what they are"),
                            ("private", "It holds private details"),
                            ("spam", "It is spam or advertises something"),
                            ("false", "It is not true"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="own words"
                    ),
                ),
                (
                    "reported_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="reported",
                    ),
                ),
                ("network_hash", models.CharField(editable=False, max_length=32)),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="answered"
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="comments.comment",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment report",
                "verbose_name_plural": "comment reports",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CommentSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=comments.models.subscription.make_key,
                        max_length=22,
                        unique=True,
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("immediate", "At once"),
                            ("daily", "Once a day"),
                            ("weekly", "Once a week"),
                        ],
                        default="immediate",
                        max_length=10,
                        verbose_name="how often",
                    ),
                ),
                (
                    "stopped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="stopped"),
                ),
                (
                    "stopped_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("asked", "its owner stopped it"),
                            ("bounced", "mail to the address came back"),
                            ("complained", "its owner called a mail spam"),
                            ("replaced", "its owner followed anew"),
                        ],
                        max_length=10,
                        verbose_name="stopped because",
                    ),
                ),
                (
                    "stopped_words",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="words of the server"
                    ),
                ),
                (
                    "alerted_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "supporter",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_subscription",
                        to="supporters.supporter",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_subscription",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "comment subscription",
                "verbose_name_plural": "comment subscriptions",
            },
        ),
        migrations.CreateModel(
            name="Moderation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("show", "shown"),
                            ("keep", "kept, reports answered"),
                            ("hide", "hidden"),
                            ("uphold", "kept hidden after an appeal"),
                            ("pin", "pinned"),
                            ("unpin", "unpinned"),
                            ("redact", "passage removed"),
                            ("note", "note"),
                            ("answer", "answered as the campaign"),
                            ("undo", "undone"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("threat", "It threatens or insults somebody."),
                            ("hate", "It attacks people for what they are."),
                            ("private", "It holds private details of somebody."),
                            ("unproven", "It accuses somebody without a proof."),
                            ("off-topic", "It is about something else."),
                            ("advert", "It advertises something."),
                            ("other", "Another reason."),
                            ("spam", "It looks like spam."),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="own words"
                    ),
                ),
                (
                    "bulk_action",
                    models.UUIDField(
                        blank=True, db_index=True, editable=False, null=True
                    ),
                ),
                ("before", models.JSONField(blank=True, editable=False, null=True)),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moderator",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moderations",
                        to="comments.comment",
                    ),
                ),
            ],
            options={
                "verbose_name": "moderation",
                "verbose_name_plural": "moderation log",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "closes_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="No more comments from then on. Empty: when the campaign ends.",
                        null=True,
                        verbose_name="closes",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="closed by hand"
                    ),
                ),
                (
                    "comment_count",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="comments shown"
                    ),
                ),
                (
                    "conversation_count",
                    models.PositiveIntegerField(default=0, editable=False),
                ),
                (
                    "pinned_count",
                    models.PositiveIntegerField(default=0, editable=False),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="thread",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "thread",
                "verbose_name_plural": "threads",
            },
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("campaign"),
                models.F("root"),
                models.F("id"),
                name="conversations",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("root"),
                models.F("id"),
                condition=models.Q(("hidden_at", None), ("shown_at__isnull", False)),
                name="shown_replies",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("campaign"),
                models.F("id"),
                condition=models.Q(
                    ("root", None),
                    models.Q(
                        models.Q(("hidden_at", None), ("shown_at__isnull", False)),
                        ("reply_count__gt", 0),
                        _connector="OR",
                    ),
                    ("pinned_at", None),
                ),
                name="shown_conversations",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("spam_points"),
                models.F("queued_at"),
                models.F("id"),
                condition=models.Q(("queued_at__isnull", False)),
                name="comments_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("campaign"), models.F("text_digest"), name="comments_by_text"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("written_at"), name="comments_by_time"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("writer"),
                condition=models.Q(
                    ("approved_at__isnull", False),
                    models.Q(("writer", ""), _negated=True),
                ),
                name="approved_writers",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("reply_due_at"),
                condition=models.Q(
                    ("reply_due_at__isnull", False), ("reply_told_at", None)
                ),
                name="replies_to_tell",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parent", None), ("root", None)),
                    models.Q(("parent__isnull", False), ("root__isnull", False)),
                    _connector="OR",
                ),
                name="reply_has_a_parent_and_a_root",
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
        migrations.AddConstraint(
            model_name="commentreport",
            constraint=models.UniqueConstraint(
                models.F("comment"),
                models.F("network_hash"),
                condition=models.Q(
                    ("answered_at", None), models.Q(("network_hash", ""), _negated=True)
                ),
                name="one_open_report_a_network",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentsubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supporter", None), ("user", None), _connector="XOR"
                ),
                name="comment_subscription_is_of_one_person",
            ),
        ),
        migrations.AddIndex(
            model_name="moderation",
            index=models.Index(models.F("at"), name="moderations_by_time"),
        ),
    ]
