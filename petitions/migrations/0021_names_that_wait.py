import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SHOWN = models.Index(
    "petition",
    models.F("confirmed_at").desc(),
    models.F("id").desc(),
    condition=models.Q(counted=True, shows_name=True),
    name="shown_signatures",
)


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0020_shown_name"),
        ("supporters", "0017_more_reasons_to_hold"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameReport",
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
                            ("somebody else", "It is the name of somebody else"),
                            (
                                "no name",
                                "It is no name, but a claim, an insult or advertising",
                            ),
                            (
                                "private",
                                "It tells where somebody lives or can be reached",
                            ),
                            ("other", "Something else is wrong with it"),
                        ],
                        max_length=20,
                        verbose_name="reason",
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
            ],
            options={
                "verbose_name": "report of a name",
                "verbose_name_plural": "reports of names",
            },
        ),
        migrations.AddField(
            model_name="signature",
            name="name_decided_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="name looked at"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="name_decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="name looked at by",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="name_hidden_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="name hidden"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="name_hidden_for",
            field=models.CharField(
                null=True,
                blank=True,
                choices=[
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
                    ("moderator", "a moderator hid it"),
                ],
                max_length=20,
                verbose_name="name hidden because",
            ),
        ),
        migrations.AlterField(
            model_name="signature",
            name="held_for",
            field=models.CharField(
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
        # A generated column cannot be changed in its place.
        migrations.RemoveIndex("signature", "shown_signatures"),
        migrations.RemoveField("signature", "shows_name"),
        migrations.AddField(
            model_name="signature",
            name="shows_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            models.Q(("shown_as", "no"), _negated=True),
                            ("name_hidden_at__isnull", True),
                        ),
                        then=models.Value(True),
                    ),
                    default=models.Value(False),
                ),
                output_field=models.BooleanField(verbose_name="name may be shown"),
            ),
        ),
        migrations.AddIndex("signature", SHOWN),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("id"),
                condition=models.Q(("name_hidden_at__isnull", False)),
                name="signatures_with_hidden_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_hidden_at__isnull", True),
                    ("name_hidden_for__isnull", False),
                    _connector="OR",
                ),
                name="hidden_name_has_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="namereport",
            name="signature",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="name_reports",
                to="petitions.signature",
            ),
        ),
        migrations.AddConstraint(
            model_name="namereport",
            constraint=models.UniqueConstraint(
                models.F("signature"),
                models.F("network_hash"),
                condition=models.Q(("network_hash", ""), _negated=True),
                name="one_report_a_name_and_network",
            ),
        ),
    ]
