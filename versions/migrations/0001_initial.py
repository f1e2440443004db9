import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import versions.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingUpload",
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
                        default=versions.models.make_key, max_length=43, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("content", models.BinaryField()),
                (
                    "kept_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a form that was not saved",
                "verbose_name_plural": "files of forms that were not saved",
            },
        ),
        migrations.CreateModel(
            name="Deleted",
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
                ("model", models.CharField(max_length=60, verbose_name="model")),
                ("key", models.BigIntegerField(verbose_name="row")),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                ("rows", models.JSONField(null=True)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="deleted",
                    ),
                ),
                ("username", models.CharField(max_length=150, verbose_name="who")),
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
            ],
            options={
                "verbose_name": "deleted page or text",
                "verbose_name_plural": "deleted pages and texts",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("model"),
                        models.F("key"),
                        name="deleted_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
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
                ("model", models.CharField(max_length=60, verbose_name="model")),
                ("key", models.BigIntegerField(verbose_name="row")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="when",
                    ),
                ),
                (
                    "username",
                    models.CharField(blank=True, max_length=150, verbose_name="who"),
                ),
                ("content", models.JSONField(verbose_name="content")),
                (
                    "changed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        verbose_name="changed",
                    ),
                ),
                (
                    "restored_at",
                    models.DateTimeField(null=True, verbose_name="restored from"),
                ),
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
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        models.F("model"),
                        models.F("key"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="versions_of_a_text",
                    )
                ],
            },
        ),
    ]
