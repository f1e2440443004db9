import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import petitions.models.source


class Migration(migrations.Migration):
    dependencies = [("petitions", "0010_index_of_held_signatures")]
    operations = [
        migrations.CreateModel(
            name="Source",
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
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Where you share it, like “Newsletter of March” or "
                        "“Stand”.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=petitions.models.source.make_code,
                        help_text="It stands at the end of the link. Do not change it "
                        "once you have shared the link.",
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                r"\A[a-z0-9]{2,}\Z",
                                "Use 2 to 8 small letters (a to z) and digits, "
                                "nothing else.",
                            )
                        ],
                        verbose_name="short word",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="made",
                    ),
                ),
            ],
            options={
                "verbose_name": "share link",
                "verbose_name_plural": "share links",
                "constraints": [
                    models.UniqueConstraint(
                        "petition",
                        "code",
                        name="one_source_for_each_code",
                        violation_error_message="This petition has a link with this "
                        "word.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="signature",
            name="source",
            field=models.CharField(editable=False, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name="signature",
            name="share_code",
            field=models.CharField(editable=False, max_length=10, null=True),
        ),
    ]
