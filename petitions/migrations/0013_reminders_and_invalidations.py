import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0012_index_of_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
        ),
        migrations.CreateModel(
            name="Invalidation",
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
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="when",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("found_by", models.TextField(blank=True, verbose_name="found by")),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), editable=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="signatures")),
                ("reached", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "taken_out",
                    models.PositiveIntegerField(
                        default=0, verbose_name="that were counted"
                    ),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone"),
                ),
                ("put_back_to", models.BigIntegerField(default=0, editable=False)),
                (
                    "put_back",
                    models.PositiveIntegerField(default=0, verbose_name="put back"),
                ),
                (
                    "left_out",
                    models.PositiveIntegerField(
                        default=0, verbose_name="signed again meanwhile"
                    ),
                ),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invalidations",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invalidation",
                "verbose_name_plural": "invalidations",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="signature",
            name="invalidation",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="petitions.invalidation",
                verbose_name="taken out of the count",
            ),
        ),
        # Looked through in the next one, while people sign.
        AddConstraintNotValid(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counted", False), ("invalidation__isnull", True), _connector="OR"
                ),
                name="counted_signature_is_not_invalidated",
            ),
        ),
    ]
