import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import campaigns.models.campaign
import letters.officials.visits
import letters.suggested.placeholders
import letters.writing.models
import letters.writing.same_words


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0001_initial"),
        ("supporters", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipient",
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
                        help_text="Empty: by office alone.",
                        max_length=120,
                        verbose_name="name",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        help_text="Like “Council Member”.",
                        max_length=120,
                        verbose_name="office",
                    ),
                ),
                (
                    "ward",
                    models.CharField(
                        blank=True,
                        help_text="Like “Ward 3”.",
                        max_length=60,
                        verbose_name="ward or district",
                    ),
                ),
                (
                    "salutation",
                    models.CharField(
                        blank=True,
                        help_text="Like “Dear Mayor Hall:”. Empty: “Dear …:” with name or office.",
                        max_length=120,
                        validators=[letters.suggested.placeholders.validate_plain],
                        verbose_name="salutation",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="Like “ko”.",
                        max_length=10,
                        verbose_name="language they read",
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, verbose_name="email address"),
                ),
                (
                    "is_record",
                    models.BooleanField(
                        default=False,
                        help_text="An inbox, like the clerk's, that keeps mail for the record.",
                        verbose_name="official record",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("each", "each letter"),
                            ("daily", "one mail a day"),
                            ("weekly", "one mail a week"),
                            ("paused", "nothing for now"),
                        ],
                        db_default="each",
                        default="each",
                        help_text="As they want it. “Each letter”: those with words of their own alone, the others together, once a day. “Nothing for now”: letters wait.",
                        max_length=10,
                        verbose_name="how they get letters",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                ),
                (
                    "left_office_on",
                    models.DateField(
                        blank=True,
                        help_text="Letters go to them no more; what was sent is kept.",
                        null=True,
                        verbose_name="left office on",
                    ),
                ),
                (
                    "bounced_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Letters leave them out until this is emptied.",
                        null=True,
                        verbose_name="mail came back",
                    ),
                ),
                (
                    "bounce_words",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="because"
                    ),
                ),
                (
                    "complained_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="They told their mail program that they do not want our mail. Letters leave them out, and what is on its way waits, until this is emptied. Ask them first.",
                        null=True,
                        verbose_name="complained",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PausedDomain",
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
                    "domain",
                    models.CharField(
                        max_length=253, unique=True, verbose_name="domain"
                    ),
                ),
                (
                    "paused_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="paused",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=300, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "paused domain",
                "verbose_name_plural": "paused domains",
            },
        ),
        migrations.CreateModel(
            name="ReceivingDomain",
            fields=[
                (
                    "domain",
                    models.CharField(max_length=253, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "receiving domain",
                "verbose_name_plural": "receiving domains",
            },
        ),
        migrations.CreateModel(
            name="RecipientList",
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
                    models.CharField(max_length=120, unique=True, verbose_name="name"),
                ),
                (
                    "addressed_as",
                    models.CharField(
                        help_text="How the letter names them all, like “Mayor A and the Council”.",
                        max_length=200,
                        validators=[letters.suggested.placeholders.validate_plain],
                        verbose_name="addressed as",
                    ),
                ),
                (
                    "letters_an_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="As many as each of them gets from us at most; others wait for their turn. Empty: as the site is set up.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="letters an hour",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Where they work, like America/Los_Angeles: for the hours below.",
                        max_length=64,
                        validators=[campaigns.models.campaign.validate_timezone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "office_opens",
                    models.TimeField(
                        blank=True,
                        help_text="By their own clocks, like 08:00. Empty: at any hour.",
                        null=True,
                        verbose_name="letters leave from",
                    ),
                ),
                (
                    "office_closes",
                    models.TimeField(blank=True, null=True, verbose_name="until"),
                ),
                (
                    "workdays_only",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="Monday to Friday"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Like “Porto”: on the page where they read their letters, those of writers who begin their place with it are marked and come first. Empty: none are.",
                        max_length=120,
                        verbose_name="their city",
                    ),
                ),
                (
                    "cosigned",
                    models.CharField(
                        choices=[
                            ("daily", "once a day"),
                            ("weekly", "once a week"),
                            ("never", "never: each goes alone"),
                        ],
                        db_default="daily",
                        default="daily",
                        help_text="A letter that its writer sends as it is joins those of others: one mail, with all names, in the morning. One with words of its own goes alone.",
                        max_length=10,
                        verbose_name="unchanged letters together",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient list",
                "verbose_name_plural": "recipient lists",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                    "place",
                    models.CharField(blank=True, max_length=160, verbose_name="place"),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="subject"
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "is_thanks",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="a thank-you"
                    ),
                ),
                (
                    "text_digest",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "text_removed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="text removed"
                    ),
                ),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=letters.writing.same_words.WordsOf(
                            "text", "name", "place"
                        ),
                        output_field=models.CharField(max_length=32),
                    ),
                ),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="written",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
                    ),
                ),
                (
                    "reported_back_at",
                    models.DateTimeField(
                        blank=True,
                        null=True,
                        verbose_name="failure reported to its writer",
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
                    "receipt_key",
                    models.CharField(
                        default=letters.writing.models.make_receipt_key,
                        editable=False,
                        max_length=22,
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "anonymised_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="made anonymous"
                    ),
                ),
                (
                    "confirmation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="supporters.confirmation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "follow_of",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_up",
                        to="letters.letter",
                        verbose_name="follow-up of",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
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
        migrations.CreateModel(
            name="OfficialVisit",
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
                ("email", models.CharField(max_length=254)),
                (
                    "key",
                    models.CharField(
                        default=letters.officials.visits.make_key,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("mail_hash", models.CharField(max_length=64, null=True, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="letters.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of an official",
                "verbose_name_plural": "visits of officials",
            },
        ),
        migrations.CreateModel(
            name="OfficialActivity",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "opened their page"),
                            ("rhythm", "changed how letters come"),
                            ("asked", "typed another address"),
                            ("address", "changed their address"),
                            ("answer", "wrote an answer to all"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "before",
                    models.CharField(blank=True, max_length=254, verbose_name="before"),
                ),
                (
                    "after",
                    models.CharField(blank=True, max_length=254, verbose_name="after"),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="letters.recipient",
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity of an official",
                "verbose_name_plural": "activity of officials",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AddressCorrection",
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
                ("old_email", models.CharField(max_length=254)),
                ("email", models.CharField(max_length=254)),
                ("mail_hash", models.CharField(max_length=64, null=True, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="letters.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of an address",
                "verbose_name_plural": "corrections of addresses",
            },
        ),
        migrations.CreateModel(
            name="Parcel",
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
                    "email",
                    models.CharField(max_length=254, verbose_name="email address"),
                ),
                ("domain", models.CharField(max_length=253, verbose_name="domain")),
                (
                    "queued_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="queued"
                    ),
                ),
                (
                    "next_try_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next try"
                    ),
                ),
                (
                    "turn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="its turn"
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tries"),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("data_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reply",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="words of the server"
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                ),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("gave_up_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("may_have_arrived_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                ("bounce_words", models.CharField(blank=True, max_length=500)),
                (
                    "complained_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="called spam"
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("each", "each letter"),
                            ("daily", "one mail a day"),
                            ("weekly", "one mail a week"),
                            ("paused", "nothing for now"),
                        ],
                        max_length=10,
                        verbose_name="how they get letters",
                    ),
                ),
                ("closes_at", models.DateTimeField(verbose_name="leaves from")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parcels",
                        to="letters.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail with several letters",
                "verbose_name_plural": "mails with several letters",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                    "email",
                    models.CharField(max_length=254, verbose_name="email address"),
                ),
                ("domain", models.CharField(max_length=253, verbose_name="domain")),
                (
                    "queued_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="queued"
                    ),
                ),
                (
                    "next_try_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next try"
                    ),
                ),
                (
                    "turn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="its turn"
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tries"),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("data_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reply",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="words of the server"
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                ),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("gave_up_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("may_have_arrived_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                ("bounce_words", models.CharField(blank=True, max_length=500)),
                (
                    "complained_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="called spam"
                    ),
                ),
                ("label", models.CharField(max_length=320, verbose_name="recipient")),
                ("greeting", models.CharField(max_length=200)),
                ("was_overtaken", models.BooleanField(db_default=False, default=False)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("was_answered", models.BooleanField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, max_length=2000)),
                (
                    "answered_to_all",
                    models.BooleanField(db_default=False, default=False),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_up",
                        to="letters.delivery",
                        verbose_name="follow-up of",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="letters.letter",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="letters.recipient",
                    ),
                ),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="letters.parcel",
                        verbose_name="mail with several letters",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="ReceivingHour",
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
                        to="letters.receivingdomain",
                    ),
                ),
            ],
            options={
                "verbose_name": "hour of a receiving domain",
                "verbose_name_plural": "hours of receiving domains",
            },
        ),
        migrations.AddField(
            model_name="recipient",
            name="list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipients",
                to="letters.recipientlist",
            ),
        ),
        migrations.CreateModel(
            name="SuggestedLetter",
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
                    "mode",
                    models.CharField(
                        choices=[
                            (
                                "together",
                                "one message to all: they can reply to each other",
                            ),
                            ("each", "one message each, with its own salutation"),
                        ],
                        default="together",
                        max_length=10,
                        verbose_name="sent as",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        max_length=150,
                        validators=[letters.suggested.placeholders.validate_subject],
                        verbose_name="subject",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        help_text="An empty line starts a new paragraph. [Your Name & City/Country] becomes the writer's name and place; write it exactly once. [Your own words] becomes a sentence of their own, or nothing; without it the sentence stands before the name. [Salutation] becomes each recipient's own salutation, where one message goes to each. [Opening] becomes one of the openings below. [The ask] becomes the locked ask.",
                        max_length=10000,
                        verbose_name="letter",
                    ),
                ),
                (
                    "ask",
                    models.TextField(
                        blank=True,
                        help_text="Words that every letter keeps: they stand where [The ask] stands in the letter, and writers change only what is around them. Empty: everything may be changed.",
                        max_length=1000,
                        validators=[letters.suggested.placeholders.validate_plain],
                        verbose_name="locked ask",
                    ),
                ),
                (
                    "thanks_subject",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=150,
                        validators=[letters.suggested.placeholders.validate_subject],
                        verbose_name="subject of the thank-you",
                    ),
                ),
                (
                    "thanks_body",
                    models.TextField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A second, small letter to those who support what is asked, with [Your Name & City/Country] exactly once. Empty: they are left out of the letter, and nobody is invited to thank them.",
                        max_length=10000,
                        verbose_name="thank-you",
                    ),
                ),
                (
                    "again_subject",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=150,
                        validators=[letters.suggested.placeholders.validate_subject],
                        verbose_name="subject when asking again",
                    ),
                ),
                (
                    "again_body",
                    models.TextField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Takes the place of the letter once all who have not agreed have answered, with the same placeholders but the opening. Empty: the letter stays as it is.",
                        max_length=10000,
                        verbose_name="asking again",
                    ),
                ),
                (
                    "follow_up_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="So many workdays without an answer, by the clocks of the list, and its writer may remind them once. 0: never. Empty: as the site is set up.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(250)],
                        verbose_name="workdays until a follow-up",
                    ),
                ),
                (
                    "follow_up",
                    models.TextField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A short reminder that each who has not answered gets alone, at most once, when its writer presses a button. [Salutation], [Date of my letter] and [Your Name & City/Country] exactly once each; [Subject of my letter] becomes the subject of the first letter. Empty: our words, to be seen under “As each recipient gets it”.",
                        max_length=2000,
                        verbose_name="follow-up",
                    ),
                ),
                (
                    "shows_answers",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="A table on the campaign's page, from the first entry on the page of stances on.",
                        verbose_name="show who answered",
                    ),
                ),
                (
                    "replies_to",
                    models.EmailField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Where officials reply to a letter that many people send as it is. Empty: the site’s contact address.",
                        max_length=254,
                        verbose_name="replies to unchanged letters",
                    ),
                ),
                (
                    "paused_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="paused"
                    ),
                ),
                (
                    "tested",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=64,
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letter",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "recipient_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="letters.recipientlist",
                        verbose_name="recipients",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggested letter",
                "verbose_name_plural": "suggested letters",
            },
        ),
        migrations.CreateModel(
            name="Stance",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("supports", "supports it"),
                            ("opposes", "does not support it"),
                            ("answered", "answered, neither yes nor no"),
                        ],
                        max_length=10,
                        verbose_name="stance",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Where it was said, like “Council meeting” or “Letter to us”.",
                        max_length=200,
                        verbose_name="source",
                    ),
                ),
                (
                    "url",
                    models.URLField(blank=True, verbose_name="address of the source"),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="For us; not published.",
                        max_length=1000,
                        verbose_name="note",
                    ),
                ),
                (
                    "entered_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="entered",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stances",
                        to="letters.recipient",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stances",
                        to="letters.suggestedletter",
                    ),
                ),
            ],
            options={
                "verbose_name": "stance",
                "verbose_name_plural": "stances",
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportedLetter",
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
                    "reported_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="reported",
                    ),
                ),
                (
                    "held_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="held"),
                ),
                (
                    "supporter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reported_letters",
                        to="supporters.supporter",
                    ),
                ),
                (
                    "suggested_letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reported",
                        to="letters.suggestedletter",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter sent by its writer",
                "verbose_name_plural": "letters sent by their writers",
            },
        ),
        migrations.CreateModel(
            name="OfficialAnswer",
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
                ("text", models.TextField(max_length=5000, verbose_name="answer")),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="written",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="published"
                    ),
                ),
                (
                    "turned_down_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="turned down"
                    ),
                ),
                (
                    "reason",
                    models.TextField(blank=True, verbose_name="why it was turned down"),
                ),
                ("queued_at", models.DateTimeField(editable=False, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="letters.recipient",
                        verbose_name="recipient",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="letters.suggestedletter",
                        verbose_name="suggested letter",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to all writers",
                "verbose_name_plural": "answers to all writers",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
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
                        help_text="Like “City Council, regular”.",
                        max_length=160,
                        verbose_name="meeting",
                    ),
                ),
                (
                    "place",
                    models.CharField(blank=True, max_length=200, verbose_name="place"),
                ),
                (
                    "timezone",
                    models.CharField(
                        help_text="Where they meet, like America/Los_Angeles. The times beside it are that place’s own.",
                        max_length=64,
                        validators=[campaigns.models.campaign.validate_timezone],
                        verbose_name="time zone",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                (
                    "letters_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="The cut-off for written comments. Empty: until the meeting begins.",
                        null=True,
                        verbose_name="letters until",
                    ),
                ),
                (
                    "agenda_item",
                    models.CharField(
                        blank=True,
                        help_text="Like “Item 8.b”.",
                        max_length=200,
                        verbose_name="agenda item",
                    ),
                ),
                (
                    "agenda_url",
                    models.URLField(blank=True, verbose_name="address of the agenda"),
                ),
                (
                    "afterwards",
                    models.TextField(
                        blank=True,
                        help_text="Like how to speak at the meeting. An empty line starts a new paragraph.",
                        max_length=600,
                        verbose_name="what to do after the cut-off",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meetings",
                        to="letters.suggestedletter",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="letter",
            name="suggested_letter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="letters.suggestedletter",
            ),
        ),
        migrations.CreateModel(
            name="Variant",
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
                    "part",
                    models.CharField(
                        choices=[("subject", "subject"), ("opening", "opening")],
                        max_length=10,
                        verbose_name="part",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="text")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="letters.suggestedletter",
                    ),
                ),
            ],
            options={
                "verbose_name": "variant",
                "verbose_name_plural": "variants",
            },
        ),
        migrations.CreateModel(
            name="AnswerCopy",
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
                ("language", models.CharField(max_length=10)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("data_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "supporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="supporters.supporter",
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="letters.officialanswer",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy of an answer",
                "verbose_name_plural": "copies of answers",
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        condition=models.Q(("data_at", None), ("refused_at", None)),
                        name="open_answer_copies",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("answer"),
                        models.F("supporter"),
                        name="one_copy_of_an_answer_for_each",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(
                models.F("recipient"),
                condition=models.Q(("settled_at", None)),
                name="one_open_parcel_a_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at", None),
                    models.Q(
                        ("gave_up_at", None),
                        ("handed_over_at", None),
                        ("may_have_arrived_at", None),
                        ("refused_at", None),
                        ("stopped_at", None),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="settled_parcel_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("next_try_at"),
                condition=models.Q(("settled_at", None)),
                name="open_deliveries",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("settled_at"),
                condition=models.Q(
                    ("refused_at__isnull", False),
                    ("gave_up_at__isnull", False),
                    ("bounced_at__isnull", False),
                    ("may_have_arrived_at__isnull", False),
                    _connector="OR",
                ),
                name="failed_deliveries",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("answered_at"),
                condition=models.Q(("was_answered", True)),
                name="answered_deliveries",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=django.contrib.postgres.indexes.BrinIndex(
                models.F("queued_at"), autosummarize=True, name="deliveries_by_age"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                models.F("letter"),
                models.F("recipient"),
                name="one_delivery_a_letter_and_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_at", None),
                    models.Q(
                        ("gave_up_at", None),
                        ("handed_over_at", None),
                        ("may_have_arrived_at", None),
                        ("refused_at", None),
                        ("stopped_at", None),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="settled_delivery_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivinghour",
            constraint=models.UniqueConstraint(
                models.F("domain"), models.F("hour"), name="one_row_a_domain_and_hour"
            ),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                models.F("list"),
                models.F("email"),
                condition=models.Q(("left_office_on", None)),
                name="one_recipient_per_address_and_list",
                violation_error_message="This list already has this address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.UniqueConstraint(
                models.F("letter"),
                models.F("recipient"),
                condition=models.Q(("kind", "asked")),
                name="one_first_letter_a_recipient",
            ),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "asked"),
                    models.Q(("source", ""), _negated=True),
                    _connector="OR",
                ),
                name="stance_names_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportedletter",
            constraint=models.UniqueConstraint(
                models.F("suggested_letter"),
                models.F("supporter"),
                name="one_reported_letter_a_supporter",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.UniqueConstraint(
                models.F("letter"),
                models.F("recipient"),
                condition=models.Q(("turned_down_at", None)),
                name="one_answer_to_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("letters_until", None),
                    ("letters_until__lte", models.F("starts_at")),
                    _connector="OR",
                ),
                name="cut_off_is_not_after_the_meeting",
                violation_error_message="The cut-off for letters cannot be after the meeting begins.",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                models.F("suggested_letter"),
                models.F("text_digest"),
                condition=models.Q(("text_digest", ""), _negated=True),
                name="unchanged_letters",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("anonymised_at__isnull", True),
                        ("confirmation__isnull", False),
                        ("receipt_key__isnull", False),
                    ),
                    models.Q(
                        ("anonymised_at__isnull", False),
                        ("confirmation__isnull", True),
                        ("name", ""),
                        ("place", ""),
                        ("receipt_key__isnull", True),
                        ("subject", ""),
                        ("text", ""),
                    ),
                    _connector="OR",
                ),
                name="anonymous_letter_holds_no_person",
            ),
        ),
    ]
