import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import supporters.acts.sent_mails
import supporters.follow.models
import supporters.my_page.visits
import supporters.people.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
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
                ("address_hash", models.CharField(db_index=True, max_length=64)),
                (
                    "erased_at",
                    models.DateTimeField(db_index=True, verbose_name="erased"),
                ),
                (
                    "visit_hash",
                    models.CharField(
                        editable=False, max_length=64, null=True, unique=True
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
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
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                ),
                ("report", models.JSONField(default=dict, verbose_name="forgotten")),
                (
                    "unfinished",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        verbose_name="not finished",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention run",
                "verbose_name_plural": "retention runs",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
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
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=10)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                ("issue", models.PositiveSmallIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="mail handed over"
                    ),
                ),
                (
                    "refused_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="mail refused"
                    ),
                ),
                (
                    "used_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation",
                "verbose_name_plural": "confirmations",
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("kind", models.CharField(max_length=20)),
                ("words", models.TextField(verbose_name="exact words")),
                ("version", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=10)),
                ("page", models.CharField(max_length=300)),
                (
                    "given_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="supporters.confirmation",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
            },
        ),
        migrations.CreateModel(
            name="Mailing",
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
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="asked for",
                    ),
                ),
                (
                    "queued_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="queued"),
                ),
                (
                    "followers",
                    models.PositiveIntegerField(default=0, verbose_name="followers"),
                ),
                (
                    "paused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="paused"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "update",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailing",
                        to="campaigns.update",
                    ),
                ),
            ],
            options={
                "verbose_name": "mailing",
                "verbose_name_plural": "mailings",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Supporter",
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
                    "email",
                    models.CharField(max_length=254, verbose_name="email address"),
                ),
                (
                    "mailbox",
                    supporters.people.models.MailboxOfEmail(
                        editable=False, max_length=254, null=True
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="first seen",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
                    ),
                ),
                (
                    "mail_language",
                    models.CharField(
                        blank=True,
                        db_default="",
                        max_length=10,
                        verbose_name="language of the mails",
                    ),
                ),
                (
                    "cookie_version",
                    models.PositiveIntegerField(default=1, editable=False),
                ),
            ],
            options={
                "verbose_name": "supporter",
                "verbose_name_plural": "supporters",
                "indexes": [
                    models.Index(
                        supporters.people.models.DomainOfEmail("email"),
                        name="supporters_by_domain",
                    ),
                    models.Index(models.F("mailbox"), name="supporters_by_mailbox"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("email",), name="one_supporter_an_address"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SentMail",
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
                ("kind", models.CharField(max_length=40)),
                (
                    "key",
                    models.CharField(
                        default=supporters.acts.sent_mails.make_key,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("sent_at", models.DateTimeField(db_index=True, verbose_name="sent")),
                ("refused_at", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
                ("complained_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "supporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="supporters.supporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "email to a supporter",
                "verbose_name_plural": "emails to supporters",
            },
        ),
        migrations.AddField(
            model_name="confirmation",
            name="supporter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="confirmations",
                to="supporters.supporter",
            ),
        ),
        migrations.CreateModel(
            name="Visit",
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
                        default=supporters.my_page.visits.make_key,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("mail_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("language", models.CharField(max_length=10)),
                (
                    "leads_to",
                    models.CharField(blank=True, db_default="", max_length=300),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                ("issue", models.PositiveSmallIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "supporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="supporters.supporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit to my page",
                "verbose_name_plural": "visits to my page",
            },
        ),
        migrations.CreateModel(
            name="ErasureRequest",
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
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="email address"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="Like “wrote from the office that they work for; knew when they signed”. No names and no addresses: this stays.",
                        max_length=300,
                        verbose_name="how we know that it is theirs",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="asked",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="decided"
                    ),
                ),
                (
                    "receipt",
                    models.JSONField(editable=False, null=True, verbose_name="receipt"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to erase",
                "verbose_name_plural": "requests to erase",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                models.Q(("email", ""), _negated=True),
                            ),
                            models.Q(("closed_at__isnull", False), ("email", "")),
                            _connector="OR",
                        ),
                        name="decided_erasure_request_holds_no_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("receipt__isnull", True),
                            models.Q(
                                ("closed_by", models.F("asked_by")), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="erasure_takes_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
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
                    "only_outcome",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="only once, when it has ended",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                (
                    "key",
                    models.CharField(
                        default=supporters.follow.models.make_key,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="asked",
                    ),
                ),
                (
                    "held_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("flood", "very many from one network"),
                            ("domain", "very many with one mail domain"),
                            ("honeypot", "filled in a field that people do not see"),
                            ("address", "an address on the block list"),
                            ("network", "a network on the block list"),
                            ("markup", "markup"),
                            ("link", "a web address"),
                            ("email", "an email address"),
                            ("phone", "perhaps a telephone number"),
                            ("street", "perhaps a street address"),
                            ("handle", "perhaps an account of a messenger"),
                            ("posing", "may be taken for somebody else"),
                            ("sentence", "reads like a sentence, not like a name"),
                            ("scripts", "letters of several scripts in one word"),
                            ("word", "a word on the block list"),
                        ],
                        max_length=20,
                        verbose_name="held because",
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="released"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
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
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all campaigns in this language.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "confirmation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to="supporters.confirmation",
                    ),
                ),
                (
                    "supporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="supporters.supporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow",
                "verbose_name_plural": "follows",
                "indexes": [
                    models.Index(
                        models.F("campaign"),
                        models.F("supporter"),
                        condition=models.Q(
                            ("confirmed_at__isnull", False), ("stopped_at", None)
                        ),
                        name="active_follows",
                    ),
                    models.Index(
                        models.F("created_at"),
                        condition=models.Q(("confirmed_at", None)),
                        name="unconfirmed_follows",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", False), ("stopped_at", None)
                        ),
                        fields=("supporter", "campaign"),
                        name="one_active_follow_of_a_campaign",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at", None), ("stopped_for", "")),
                            models.Q(
                                ("stopped_at__isnull", False),
                                models.Q(("stopped_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="stopped_follow_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Copy",
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
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("mail", models.BigIntegerField(null=True)),
                ("data_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("may_have_arrived_at", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
                ("complained_at", models.DateTimeField(null=True)),
                ("reply", models.CharField(blank=True, max_length=300)),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="supporters.mailing",
                    ),
                ),
                (
                    "supporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="supporters.supporter",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy of an update",
                "verbose_name_plural": "copies of updates",
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("settled_at", None)),
                        name="open_copies",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("mailing"),
                        models.F("supporter"),
                        name="one_copy_of_an_update_for_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at", None),
                            models.Q(
                                ("gave_up_at", None),
                                ("handed_over_at", None),
                                ("may_have_arrived_at", None),
                                ("refused_at", None),
                                ("stopped_at", None),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="settled_copy_says_how",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(
                models.F("created_at"),
                condition=models.Q(("used_at", None)),
                name="unused_confirmations",
            ),
        ),
    ]
