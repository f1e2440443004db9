import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import campaigns.models.milestone


def take_over_types(apps, schema_editor):
    """What was noted about rows of before is noted about the same rows."""
    apps.get_model("contenttypes", "ContentType").objects.filter(
        app_label="petitions", model__in=("paperbatch", "paperline", "paperscan")
    ).update(app_label="paper")


class Migration(migrations.Migration):
    """The tables are those that petitions has made."""

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("petitions", "0006_names_on_paper_are_a_room_of_their_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="PaperBatch",
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
                            "collected_by",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="collected by"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                help_text="For example “market square, Saturday”.",
                                max_length=160,
                                verbose_name="where",
                            ),
                        ),
                        (
                            "collected_on",
                            models.DateField(
                                default=campaigns.models.milestone.today,
                                verbose_name="day of collection",
                            ),
                        ),
                        (
                            "sheets",
                            models.PositiveSmallIntegerField(
                                default=1,
                                validators=[
                                    django.core.validators.MinValueValidator(1)
                                ],
                                verbose_name="number of sheets",
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                help_text="It applies to everybody on the sheets, unless a line says otherwise.",
                                max_length=2,
                                verbose_name="country",
                            ),
                        ),
                        (
                            "consent",
                            models.TextField(
                                blank=True,
                                max_length=2000,
                                verbose_name="words of the consent",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="begun",
                            ),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(
                                editable=False,
                                null=True,
                                verbose_name="all lines entered",
                            ),
                        ),
                        (
                            "compared_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="compared"
                            ),
                        ),
                        (
                            "counted_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="counted"
                            ),
                        ),
                        (
                            "anonymised_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="made anonymous"
                            ),
                        ),
                        (
                            "steps",
                            models.PositiveIntegerField(default=0, editable=False),
                        ),
                        (
                            "counts",
                            models.PositiveIntegerField(default=0, editable=False),
                        ),
                        (
                            "counted_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="counted by",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="paper",
                                to="petitions.petition",
                                verbose_name="petition",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "batch of names on paper",
                        "verbose_name_plural": "batches of names on paper",
                        "db_table": "petitions_paperbatch",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PaperLine",
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
                            "number",
                            models.PositiveIntegerField(
                                editable=False, verbose_name="line"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="name"
                            ),
                        ),
                        (
                            "city",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="city"
                            ),
                        ),
                        (
                            "postcode",
                            models.CharField(
                                blank=True, max_length=16, verbose_name="postcode"
                            ),
                        ),
                        (
                            "country",
                            django_countries.fields.CountryField(
                                max_length=2, verbose_name="country"
                            ),
                        ),
                        (
                            "email",
                            models.CharField(
                                blank=True,
                                db_index=True,
                                max_length=254,
                                verbose_name="email address",
                            ),
                        ),
                        (
                            "match",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "nobody like this"),
                                    ("open", "looks alike: to be decided"),
                                    ("same", "same person, not counted again"),
                                    ("other", "another person"),
                                ],
                                editable=False,
                                max_length=5,
                                verbose_name="compared",
                            ),
                        ),
                        (
                            "counted",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="counted"
                            ),
                        ),
                        (
                            "anonymised_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="made anonymous"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="paper.paperbatch",
                                verbose_name="batch",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                        (
                            "signature",
                            models.ForeignKey(
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="petitions.signature",
                            ),
                        ),
                        (
                            "twin",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="paper.paperline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "name on paper",
                        "verbose_name_plural": "names on paper",
                        "db_table": "petitions_paperline",
                        "ordering": ["batch", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="PaperScan",
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
                            "name",
                            models.CharField(
                                editable=False, max_length=40, unique=True
                            ),
                        ),
                        (
                            "size",
                            models.PositiveIntegerField(
                                editable=False, verbose_name="bytes"
                            ),
                        ),
                        (
                            "added_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="added",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="scans",
                                to="paper.paperbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "scan",
                        "verbose_name_plural": "scans",
                        "db_table": "petitions_paperscan",
                    },
                ),
                migrations.AddConstraint(
                    model_name="paperbatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("counted_at", None),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="counted_paper_is_finished",
                    ),
                ),
                migrations.AddIndex(
                    model_name="paperline",
                    index=models.Index(
                        models.F("batch"),
                        condition=models.Q(("match", "open")),
                        name="paper_lines_to_decide",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="paperline",
                    constraint=models.UniqueConstraint(
                        models.F("batch"),
                        models.F("number"),
                        name="one_paper_line_for_each_number",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="paperline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("counted", False),
                            models.Q(("match", "same"), _negated=True),
                            _connector="OR",
                        ),
                        name="counted_paper_line_is_no_double",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="paperline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("anonymised_at", None),
                            models.Q(
                                ("city", ""),
                                ("email", ""),
                                ("name", ""),
                                ("postcode", ""),
                            ),
                            _connector="OR",
                        ),
                        name="anonymous_paper_line_holds_no_person",
                    ),
                ),
            ]
        ),
        migrations.RunPython(take_over_types, migrations.RunPython.noop),
    ]
