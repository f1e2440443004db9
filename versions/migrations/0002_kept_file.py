import django.db.models.functions.datetime
from django.db import migrations, models

import versions.models


class Migration(migrations.Migration):
    dependencies = [("versions", "0001_versions_and_deleted")]
    operations = [
        migrations.CreateModel(
            name="KeptFile",
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
        )
    ]
