import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import campaigns.models.address
import campaigns.models.campaign
import campaigns.models.milestone


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
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
                    "picture",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "picture_cuts",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "picture_width",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                (
                    "picture_height",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                (
                    "picture_alt",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Describe what is seen, for people who do not see it.",
                        max_length=300,
                        verbose_name="what the picture shows",
                    ),
                ),
                (
                    "picture_credit",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Who made it, as its licence asks. Stands below the picture.",
                        max_length=160,
                        verbose_name="credit",
                    ),
                ),
                (
                    "picture_x",
                    models.PositiveSmallIntegerField(
                        db_default=50,
                        default=50,
                        help_text="In percent of the width, where the most important thing is.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="focus, from the left",
                    ),
                ),
                (
                    "picture_y",
                    models.PositiveSmallIntegerField(
                        db_default=50,
                        default=50,
                        help_text="In percent of the height.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="from the top",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Who, where and what.",
                        max_length=160,
                        verbose_name="title",
                    ),
                ),
                (
                    "title_ask",
                    models.CharField(
                        blank=True,
                        help_text="What it is time for. Shown in colour.",
                        max_length=160,
                        verbose_name="second line of the title",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="The page is at this name. Keep it short. When it changes, links to the old one still lead here.",
                        max_length=80,
                        unique=True,
                        validators=[campaigns.models.address.validate_slug_is_free],
                        verbose_name="address",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=campaigns.models.campaign.languages,
                        default=campaigns.models.campaign.first_language,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        help_text="Stands under the title, on cards and in search results.",
                        max_length=300,
                        verbose_name="the ask in one sentence",
                    ),
                ),
                (
                    "happening",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what is happening"
                    ),
                ),
                (
                    "wrong",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what is wrong"
                    ),
                ),
                (
                    "asked",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what we ask"
                    ),
                ),
                (
                    "story",
                    models.TextField(
                        blank=True,
                        help_text="A quotation is set large; one is enough.",
                        max_length=50000,
                        verbose_name="story",
                    ),
                ),
                (
                    "reading_title",
                    models.CharField(
                        blank=True,
                        max_length=160,
                        verbose_name="title of the background reading",
                    ),
                ),
                (
                    "call_for_action",
                    models.TextField(
                        blank=True,
                        help_text="Stands over the letter. An empty line starts a new paragraph.",
                        max_length=5000,
                        verbose_name="call for action",
                    ),
                ),
                (
                    "outcome",
                    models.TextField(
                        blank=True,
                        help_text="Shown when the campaign has ended: what was reached, by whom.",
                        max_length=5000,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "event_name",
                    models.CharField(
                        blank=True,
                        help_text="Like “Visit”.",
                        max_length=60,
                        verbose_name="event",
                    ),
                ),
                (
                    "event_starts",
                    models.DateField(
                        blank=True, null=True, verbose_name="event starts"
                    ),
                ),
                (
                    "event_ends",
                    models.DateField(blank=True, null=True, verbose_name="event ends"),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[campaigns.models.campaign.validate_timezone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "opens_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="opens"
                    ),
                ),
                (
                    "closes_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Signing and writing end then. Empty: until closed by hand.",
                        null=True,
                        verbose_name="closes",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: a draft that only staff can see.",
                        null=True,
                        verbose_name="published",
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="closed by hand"
                    ),
                ),
                (
                    "draft_key",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=22,
                    ),
                ),
                (
                    "deleted_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="deleted"
                    ),
                ),
                (
                    "share_image",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="created"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, verbose_name="last changed"),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "ordering": ["-opens_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("picture", ""),
                            models.Q(("picture_alt", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="campaign_picture_says_what_it_shows",
                        violation_error_message="Say what the picture shows.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__isnull", True),
                            ("closes_at__gt", models.F("opens_at")),
                            _connector="OR",
                        ),
                        name="campaign_closes_after_it_opens",
                        violation_error_message="The campaign must close after it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("event_ends__isnull", True),
                            models.Q(
                                ("event_ends__gte", models.F("event_starts")),
                                ("event_starts__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="event_ends_on_or_after_its_start",
                        violation_error_message="The event must end on or after its start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
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
                ("title", models.CharField(max_length=250, verbose_name="title")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Empty: shown as a title alone.",
                        verbose_name="address",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "background reading",
                "verbose_name_plural": "background reading",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
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
                ("slug", models.SlugField(max_length=80, verbose_name="address")),
                (
                    "language",
                    models.CharField(
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "former address",
                "verbose_name_plural": "former addresses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "language"),
                        name="one_campaign_a_former_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
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
                            ("extended", "Goes on longer"),
                            ("delivered", "Handed over"),
                            ("answered", "Answered"),
                            ("won", "Won"),
                            ("not won", "Not won"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        default=campaigns.models.milestone.today, verbose_name="day"
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        blank=True,
                        help_text="Like “the Mayor of Bakersfield”.",
                        max_length=160,
                        verbose_name="to whom, or by whom",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        help_text="What was said or decided. An empty line starts a new paragraph.",
                        max_length=1000,
                        verbose_name="in words",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The office’s own, under which they can be asked about it.",
                        max_length=80,
                        verbose_name="reference number",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="For what was handed over: the day by which an answer must come.",
                        null=True,
                        verbose_name="answer due",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Where it can be read in full.",
                        verbose_name="address",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["-day", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on", None),
                            ("due_on__gte", models.F("day")),
                            _connector="OR",
                        ),
                        name="answer_is_due_after_it_was_asked",
                        violation_error_message="The answer cannot be due before that day.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PageViews",
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
                    "page",
                    models.CharField(
                        choices=[
                            ("campaign", "Action page"),
                            ("sign", "Sign form"),
                            ("letter", "Letter"),
                            ("count", "The count"),
                            ("updates", "Updates"),
                            ("comments", "Comments"),
                        ],
                        max_length=10,
                        verbose_name="page",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("number", models.PositiveBigIntegerField(verbose_name="views")),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="page_views",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "page views",
                "verbose_name_plural": "page views",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("campaign"),
                        models.F("day"),
                        models.F("page"),
                        name="one_number_for_each_page_and_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
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
                    "picture",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "picture_cuts",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "picture_width",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                (
                    "picture_height",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False
                    ),
                ),
                (
                    "picture_alt",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Describe what is seen, for people who do not see it.",
                        max_length=300,
                        verbose_name="what the picture shows",
                    ),
                ),
                (
                    "picture_credit",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Who made it, as its licence asks. Stands below the picture.",
                        max_length=160,
                        verbose_name="credit",
                    ),
                ),
                (
                    "picture_x",
                    models.PositiveSmallIntegerField(
                        db_default=50,
                        default=50,
                        help_text="In percent of the width, where the most important thing is.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="focus, from the left",
                    ),
                ),
                (
                    "picture_y",
                    models.PositiveSmallIntegerField(
                        db_default=50,
                        default=50,
                        help_text="In percent of the height.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="from the top",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("text", models.TextField(max_length=50000, verbose_name="text")),
                (
                    "is_outcome",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="It also goes, once, to those who signed and asked to hear how it ended.",
                        verbose_name="this is the outcome",
                    ),
                ),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Now, or a time to come. Empty: a draft that only staff can see.",
                        null=True,
                        verbose_name="publish",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="published"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="created"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, verbose_name="last changed"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="updates",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whoever gets this by email can sign its petition with one tap.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaigns.campaign",
                        verbose_name="what to sign next",
                    ),
                ),
            ],
            options={
                "verbose_name": "update",
                "verbose_name_plural": "updates",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        models.F("campaign"),
                        models.OrderBy(models.F("published_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("published_at__isnull", False)),
                        name="published_updates",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("picture", ""),
                            models.Q(("picture_alt", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="picture_says_what_it_shows",
                        violation_error_message="Say what the picture shows.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None),
                            ("publish_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_update_has_its_time",
                    ),
                ],
            },
        ),
    ]
