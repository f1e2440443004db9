import django.db.models.deletion
from django.db import migrations, models

import supporters.models.sent_mail


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0002_update"),
        ("supporters", "0003_follow_mailing_copy"),
    ]

    operations = [
        migrations.AddField(
            model_name="supporter",
            name="mail_language",
            field=models.CharField(
                blank=True,
                db_default="",
                max_length=10,
                verbose_name="language of the mails",
            ),
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
                        default=supporters.models.sent_mail.make_key,
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
    ]
