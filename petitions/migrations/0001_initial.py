import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import campaigns.models.milestone
import petitions.handover.models
import petitions.referrals.models
import petitions.signing.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        ("supporters", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        help_text="Like “market square, Saturday”.",
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
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="number of sheets",
                    ),
                ),
                (
                    "country",
                    django_countries.fields.CountryField(
                        help_text="Of everybody on the sheets, unless a line says else.",
                        max_length=2,
                        verbose_name="country",
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
                        editable=False, null=True, verbose_name="all lines entered"
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
                ("steps", models.PositiveIntegerField(default=0, editable=False)),
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
            ],
            options={
                "verbose_name": "batch on paper",
                "verbose_name_plural": "batches on paper",
                "ordering": ["-pk"],
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
                ("name", models.CharField(editable=False, max_length=40, unique=True)),
                (
                    "size",
                    models.PositiveIntegerField(editable=False, verbose_name="bytes"),
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
                        to="petitions.paperbatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "scan",
                "verbose_name_plural": "scans",
            },
        ),
        migrations.CreateModel(
            name="Petition",
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
                    "ask",
                    models.CharField(
                        help_text="Do not change it once people have signed it.",
                        max_length=500,
                        verbose_name="the sentence people sign",
                    ),
                ),
                (
                    "names_hidden",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="No signer’s name shows on the site, whatever they chose.",
                        verbose_name="hide all names now",
                    ),
                ),
                (
                    "names_let_go_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="petition",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "names_let_go_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "petition",
                "verbose_name_plural": "petitions",
            },
        ),
        migrations.AddField(
            model_name="paperbatch",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="paper",
                to="petitions.petition",
                verbose_name="petition",
            ),
        ),
        migrations.CreateModel(
            name="Link",
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
                ("number", models.PositiveIntegerField()),
                ("delta", models.IntegerField()),
                ("commitment", models.BinaryField(max_length=32)),
                ("link", models.BinaryField(max_length=32)),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of the count",
                "verbose_name_plural": "links of the count",
            },
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
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invalidations",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "invalidation",
                "verbose_name_plural": "invalidations",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="DayCount",
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
                ("day", models.DateField(verbose_name="day")),
                ("added", models.PositiveIntegerField(verbose_name="added")),
                ("removed", models.PositiveIntegerField(verbose_name="taken away")),
                (
                    "signed",
                    models.PositiveIntegerField(
                        db_default=0, default=0, verbose_name="signed"
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of the count",
                "verbose_name_plural": "days of the count",
            },
        ),
        migrations.CreateModel(
            name="Bundle",
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
                    "to",
                    models.CharField(
                        help_text="Like “the Mayor of Bakersfield”. Stands on the cover.",
                        max_length=160,
                        verbose_name="to whom",
                    ),
                ),
                (
                    "paper",
                    models.CharField(
                        choices=[("a4", "A4"), ("letter", "US Letter")],
                        default="a4",
                        max_length=6,
                        verbose_name="paper",
                    ),
                ),
                (
                    "has_pdf",
                    models.BooleanField(
                        default=True,
                        help_text="Cover, ask, totals, and the names that may be shown.",
                        verbose_name="PDF to hand over",
                    ),
                ),
                (
                    "has_csv",
                    models.BooleanField(
                        default=True,
                        help_text="A line for each signature. No email address is in it.",
                        verbose_name="list for spreadsheets (CSV)",
                    ),
                ),
                (
                    "has_chain",
                    models.BooleanField(
                        default=True,
                        help_text="The chain, and a page that checks it without a network.",
                        verbose_name="proof of the count",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="asked for",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, editable=False)),
                ("done", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "finished_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="finished"
                    ),
                ),
                (
                    "signatures",
                    models.PositiveIntegerField(
                        editable=False, null=True, verbose_name="signatures"
                    ),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        editable=False, null=True, verbose_name="bytes"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default=petitions.handover.models.new_name,
                        editable=False,
                        max_length=36,
                        unique=True,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bundles",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "bundle for officials",
                "verbose_name_plural": "bundles for officials",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReferralLink",
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
                        help_text="Where you share it, like “Newsletter of March” or “Stand”.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=petitions.referrals.models.make_code,
                        help_text="It stands at the end of the link. Do not change it once you have shared the link.",
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]{2,}\\Z",
                                "Use 2 to 8 small letters (a to z) and digits, nothing else.",
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
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referral_links",
                        to="petitions.petition",
                        verbose_name="petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "share link",
                "verbose_name_plural": "share links",
            },
        ),
        migrations.CreateModel(
            name="Signature",
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
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "city",
                    models.CharField(blank=True, max_length=100, verbose_name="city"),
                ),
                (
                    "country",
                    django_countries.fields.CountryField(
                        max_length=2, verbose_name="country"
                    ),
                ),
                (
                    "shown_as",
                    models.CharField(
                        choices=[
                            ("no", "Not at all"),
                            ("full", "In full: “Maria Silva”"),
                            ("first", "First name and city: “Maria, Lisbon”"),
                            ("initials", "Initials: “M. S.”"),
                        ],
                        default="no",
                        max_length=10,
                        verbose_name="how the name is shown",
                    ),
                ),
                (
                    "shown_name",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=120,
                        verbose_name="name that is shown",
                    ),
                ),
                (
                    "name_hidden_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="name hidden"
                    ),
                ),
                (
                    "name_hidden_for",
                    models.CharField(
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
                        null=True,
                        verbose_name="name hidden because",
                    ),
                ),
                (
                    "name_decided_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="name looked at"
                    ),
                ),
                (
                    "shows_name",
                    models.GeneratedField(
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
                        output_field=models.BooleanField(
                            verbose_name="name may be shown"
                        ),
                    ),
                ),
                (
                    "signed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="signed",
                    ),
                ),
                (
                    "held_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="held"),
                ),
                (
                    "held_for",
                    models.CharField(
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
                (
                    "network_hash",
                    models.CharField(
                        blank=True, editable=False, max_length=32, null=True
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="released"
                    ),
                ),
                (
                    "rejected_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="rejected"
                    ),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="reminded"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
                    ),
                ),
                ("counted", models.BooleanField(default=False, verbose_name="counted")),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="withdrawn"
                    ),
                ),
                (
                    "canonical_email",
                    models.CharField(blank=True, editable=False, max_length=254),
                ),
                (
                    "seat",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True
                    ),
                ),
                (
                    "withdrawal_key",
                    models.CharField(
                        default=petitions.signing.models.make_withdrawal_key,
                        editable=False,
                        max_length=22,
                        null=True,
                    ),
                ),
                (
                    "referral_code",
                    models.CharField(editable=False, max_length=10, null=True),
                ),
                (
                    "share_code",
                    models.CharField(editable=False, max_length=10, null=True),
                ),
                (
                    "anonymised_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="made anonymous"
                    ),
                ),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("commitment", models.BinaryField(max_length=32, null=True)),
                (
                    "confirmation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="supporters.confirmation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "invalidation",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="petitions.invalidation",
                        verbose_name="taken out of the count",
                    ),
                ),
                (
                    "name_decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="name looked at by",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
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
                    models.PositiveIntegerField(editable=False, verbose_name="line"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "city",
                    models.CharField(blank=True, max_length=100, verbose_name="city"),
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
                        to="petitions.paperbatch",
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
                    "twin",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="petitions.paperline",
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
            ],
            options={
                "verbose_name": "name on paper",
                "verbose_name_plural": "names on paper",
                "ordering": ["batch", "number"],
            },
        ),
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
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_reports",
                        to="petitions.signature",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of a name",
                "verbose_name_plural": "reports of names",
            },
        ),
        migrations.CreateModel(
            name="TallyEntry",
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
                ("country", models.CharField(max_length=2)),
                ("delta", models.IntegerField()),
                ("on_paper", models.BooleanField(db_default=False, default=False)),
                ("commitment", models.BinaryField(max_length=32, null=True)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tally",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "tally entry",
                "verbose_name_plural": "tally",
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
            model_name="link",
            index=models.Index(models.F("commitment"), name="links_by_commitment"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                models.F("petition"),
                models.F("number"),
                name="one_link_for_each_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="daycount",
            constraint=models.UniqueConstraint(
                models.F("petition"), models.F("day"), name="one_count_for_each_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="bundle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("has_pdf", True),
                    ("has_csv", True),
                    ("has_chain", True),
                    _connector="OR",
                ),
                name="bundle_holds_something",
                violation_error_message="Choose what goes in.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referrallink",
            constraint=models.UniqueConstraint(
                models.F("petition"),
                models.F("code"),
                name="one_referral_link_a_code",
                violation_error_message="This petition has a link with this word.",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("petition"),
                models.OrderBy(models.F("confirmed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("counted", True), ("shows_name", True)),
                name="shown_signatures",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("signed_at"),
                condition=models.Q(("confirmed_at", None)),
                name="unconfirmed_signatures",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("petition"),
                models.F("referral_code"),
                condition=models.Q(("counted", True), ("referral_code__isnull", False)),
                name="signatures_by_referral",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("network_hash"),
                condition=models.Q(
                    ("confirmed_at", None),
                    ("held_at__isnull", False),
                    ("rejected_at", None),
                    ("released_at", None),
                ),
                name="held_signatures",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("petition"), models.F("signed_at"), name="signatures_by_time"
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=django.contrib.postgres.indexes.BrinIndex(
                models.F("signed_at"), autosummarize=True, name="signatures_by_age"
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("network_hash"),
                models.F("signed_at"),
                condition=models.Q(("network_hash__isnull", False)),
                name="signatures_by_network",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("id"),
                condition=models.Q(("name_hidden_at__isnull", False)),
                name="signatures_with_hidden_name",
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                models.F("invalidation"),
                models.F("id"),
                condition=models.Q(("invalidation__isnull", False)),
                name="invalidated_signatures",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                models.F("petition"),
                models.F("canonical_email"),
                models.F("seat"),
                condition=models.Q(("counted", True)),
                name="one_counted_signature_per_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                fields=("withdrawal_key",), name="one_signature_a_withdrawal_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counted", False),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("rejected_at__isnull", True),
                        ("withdrawn_at__isnull", True),
                        models.Q(
                            models.Q(
                                ("seat__in", (1, 2)),
                                models.Q(("canonical_email", ""), _negated=True),
                            ),
                            ("anonymised_at__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="counted_signature_is_confirmed_and_has_a_seat",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counted", False), ("invalidation__isnull", True), _connector="OR"
                ),
                name="counted_signature_is_not_invalidated",
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
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_at__isnull", True),
                    ("rejected_at__isnull", True),
                    _connector="OR",
                ),
                name="signature_is_released_or_rejected_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("anonymised_at__isnull", True),
                        ("confirmation__isnull", False),
                        ("withdrawal_key__isnull", False),
                    ),
                    models.Q(
                        ("anonymised_at__isnull", False),
                        ("canonical_email", ""),
                        ("city", ""),
                        ("confirmation__isnull", True),
                        ("name", ""),
                        ("salt__isnull", True),
                        ("shown_name", ""),
                        ("withdrawal_key__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="anonymous_signature_holds_no_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shown_as", "no"), ("shown_name", "")),
                    models.Q(
                        models.Q(("shown_as", "no"), _negated=True),
                        models.Q(("shown_name", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="signature_shows_a_name_or_none",
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
                        ("city", ""), ("email", ""), ("name", ""), ("postcode", "")
                    ),
                    _connector="OR",
                ),
                name="anonymous_paper_line_holds_no_person",
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
        migrations.AddIndex(
            model_name="tallyentry",
            index=models.Index(
                models.F("petition"), models.F("country"), name="tally_by_country"
            ),
        ),
    ]
