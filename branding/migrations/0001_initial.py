import django.core.validators
from django.db import migrations, models

import branding.models
import pages.form_fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Branding",
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
                        blank=True,
                        max_length=80,
                        validators=[branding.models.validate_line],
                        verbose_name="name",
                    ),
                ),
                (
                    "sender_name",
                    models.CharField(
                        blank=True,
                        help_text="Who our mails are from, in words. Empty: the site’s name.",
                        max_length=80,
                        validators=[branding.models.validate_line],
                        verbose_name="sender of our mails",
                    ),
                ),
                (
                    "contact_email",
                    models.CharField(
                        blank=True,
                        help_text="Stands on pages and in mails, for whoever has a question.",
                        max_length=254,
                        validators=[branding.models.validate_address],
                        verbose_name="contact address",
                    ),
                ),
                (
                    "controller",
                    models.TextField(
                        blank=True,
                        help_text="Name and postal address of who answers for the site and its data. Stands at the end of each page and mail, and on the privacy page.",
                        max_length=500,
                        validators=[pages.form_fields.refuse_hidden_characters],
                        verbose_name="who is responsible",
                    ),
                ),
                (
                    "primary",
                    models.CharField(
                        blank=True,
                        help_text="It also tints the dark bands and the greys.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-f]{6}$",
                                "Write a colour as # and six digits, like #0b5969.",
                            )
                        ],
                        verbose_name="links",
                    ),
                ),
                (
                    "accent",
                    models.CharField(
                        blank=True,
                        help_text="Also marks, bars and lines.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-f]{6}$",
                                "Write a colour as # and six digits, like #0b5969.",
                            )
                        ],
                        verbose_name="buttons",
                    ),
                ),
                (
                    "primary_dark",
                    models.CharField(
                        blank=True,
                        help_text="Empty: made from the colour of the links.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-f]{6}$",
                                "Write a colour as # and six digits, like #0b5969.",
                            )
                        ],
                        verbose_name="links, in dark mode",
                    ),
                ),
                (
                    "accent_dark",
                    models.CharField(
                        blank=True,
                        help_text="Empty: made from the colour of the buttons.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-f]{6}$",
                                "Write a colour as # and six digits, like #0b5969.",
                            )
                        ],
                        verbose_name="buttons, in dark mode",
                    ),
                ),
                ("logo_png", models.BinaryField(null=True)),
                ("icon_png", models.BinaryField(null=True)),
                (
                    "logo_digest",
                    models.CharField(blank=True, editable=False, max_length=16),
                ),
                (
                    "logo_width",
                    models.PositiveSmallIntegerField(default=0, editable=False),
                ),
                (
                    "logo_height",
                    models.PositiveSmallIntegerField(default=0, editable=False),
                ),
                (
                    "logo_says_name",
                    models.BooleanField(
                        default=False,
                        help_text="Then it is not written beside the logo once more.",
                        verbose_name="the name stands in the logo",
                    ),
                ),
                ("words", models.JSONField(blank=True, default=dict, editable=False)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "site’s branding",
                "verbose_name_plural": "the site’s branding",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="the_site_has_one_branding"
                    )
                ],
            },
        ),
    ]
