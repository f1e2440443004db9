from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("safeguards", "0002_blocks_may_end_and_allow"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProtectedName",
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
                ("source", models.CharField(db_index=True, max_length=80)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=250)),
            ],
            options={
                "verbose_name": "protected name",
                "verbose_name_plural": "protected names",
            },
        ),
    ]
