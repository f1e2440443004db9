import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import campaigns.models.campaign


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0005_meeting"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                (
                    "domain",
                    models.CharField(max_length=253, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "mail domain",
                "verbose_name_plural": "mail domains",
            },
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "recipient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pace",
                        serialize=False,
                        to="letters.recipient",
                    ),
                ),
                ("next_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "pace",
                "verbose_name_plural": "paces",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="turn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="its turn"),
        ),
        migrations.AddField(
            model_name="recipient",
            name="complained_at",
            field=models.DateTimeField(
                blank=True,
                help_text="They told their mail program that they do not want our mail. Letters leave them out, and what is on its way waits, until this is emptied. Ask them first.",
                null=True,
                verbose_name="complained",
            ),
        ),
        migrations.AddField(
            model_name="recipientlist",
            name="letters_an_hour",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="As many as each of them gets from us at most; others wait for their turn. Empty: as the site is set up.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="letters an hour",
            ),
        ),
        migrations.AddField(
            model_name="recipientlist",
            name="office_closes",
            field=models.TimeField(blank=True, null=True, verbose_name="until"),
        ),
        migrations.AddField(
            model_name="recipientlist",
            name="office_opens",
            field=models.TimeField(
                blank=True,
                help_text="By their own clocks, like 08:00. Empty: at any hour.",
                null=True,
                verbose_name="letters leave from",
            ),
        ),
        migrations.AddField(
            model_name="recipientlist",
            name="timezone",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Where they work, like America/Los_Angeles: for the hours below.",
                max_length=64,
                validators=[campaigns.models.campaign.validate_timezone],
                verbose_name="time zone",
            ),
        ),
        migrations.AddField(
            model_name="recipientlist",
            name="workdays_only",
            field=models.BooleanField(
                db_default=True, default=True, verbose_name="Monday to Friday"
            ),
        ),
        migrations.CreateModel(
            name="DomainHour",
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
                ("hour", models.DateTimeField()),
                ("used", models.PositiveIntegerField()),
                (
                    "domain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="letters.maildomain",
                    ),
                ),
            ],
            options={
                "verbose_name": "hour of a mail domain",
                "verbose_name_plural": "hours of mail domains",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("domain"),
                        models.F("hour"),
                        name="one_row_a_domain_and_hour",
                    )
                ],
            },
        ),
    ]
